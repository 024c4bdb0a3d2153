import type { Timers } from '../timers.ts';

/** Pauses that end early when something happens. */
export interface Pauses {
  /** Waits so long, until `wake`, or until it is stopped. */
  wait(ms: number): Promise<void>;
  wake(): void;
  /** Resolves to null when it is stopped. */
  readonly stopped: Promise<null>;
  isStopped(): boolean;
}

export function createPauses(timers: Timers, onStop: (callback: () => void) => void): Pauses {
  let isStopped = false;
  // What happened while nobody waited is not missed.
  let isAwake = false;
  let end: (() => void) | null = null;
  const wake = (): void => {
    isAwake = true;
    end?.();
  };
  const stopped = new Promise<null>((resolve) => {
    onStop(() => {
      isStopped = true;
      wake();
      resolve(null);
    });
  });
  return {
    stopped,
    isStopped: () => isStopped,
    wake,
    async wait(ms) {
      if (!isAwake && !isStopped)
        await new Promise<void>((resolve) => {
          const cancel = timers.after(ms, resolve);
          end = () => {
            cancel();
            resolve();
          };
        });
      end = null;
      isAwake = false;
    },
  };
}
