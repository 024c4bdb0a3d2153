import type { Timers } from '../../timers.ts';

/** Why the loop wakes. */
export type Wake = 'changed' | 'run-ended' | 'stop';

/** Where the world leaves word for the loop. */
export interface Mailbox {
  post(wake: Wake): void;
  /** What came since the last call; waits for the first, at most that long, `[]` if nothing came. */
  next(timeoutMs: number): Promise<readonly Wake[]>;
}

/** An empty mailbox. Word that comes during a cycle is there after it. */
export function createMailbox(timers: Timers): Mailbox {
  let waiting: Wake[] = [];
  let wakeUp: () => void = () => {};
  return {
    post(wake) {
      waiting.push(wake);
      wakeUp();
    },
    async next(timeoutMs) {
      if (waiting.length === 0)
        await new Promise<void>((resolve) => {
          const cancel = timers.after(timeoutMs, resolve);
          wakeUp = () => {
            cancel();
            resolve();
          };
        });
      wakeUp = () => {};
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
