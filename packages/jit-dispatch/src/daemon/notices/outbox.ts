import type { NotifyTarget } from '../../config/operating.ts';
import type { Log } from '../log.ts';
import { type Delivery, deliver, nameOf } from './deliver.ts';
import type { Notice } from './notice.ts';

/** What is on its way to targets: in order, one at a time for each. */
export interface Outbox {
  put(notice: Notice): void;
  /** Waits until everything has left; what has not by then is given up, and that is said. */
  close(withinMs: number): Promise<void>;
}

/** So many notices wait for a target that does not take them; then the oldest is dropped. */
const MOST = 200;

interface Line {
  readonly target: NotifyTarget;
  readonly waiting: Notice[];
  dropped: number;
  work: Promise<void> | null;
}

/** An outbox for the targets as they are configured when something is put into it. */
export function createOutbox(
  targets: () => readonly NotifyTarget[],
  delivery: Omit<Delivery, 'signal'>,
  log: Log,
): Outbox {
  const lines = new Map<string, Line>();
  const abort = new AbortController();

  const lineOf = (target: NotifyTarget): Line => {
    const key = JSON.stringify(target);
    const line = lines.get(key) ?? { target, waiting: [], dropped: 0, work: null };
    lines.set(key, line);
    return line;
  };
  const say = (line: Line, level: 'warn' | 'error', message: string): void =>
    log({ level, event: 'notify', message: `${nameOf(line.target)} ${message}` });
  const sayDropped = (line: Line): void => {
    if (line.dropped > 0)
      say(line, 'warn', `takes too little: the ${line.dropped} oldest notices were dropped`);
    line.dropped = 0;
  };
  const empty = async (line: Line): Promise<void> => {
    for (;;) {
      const notice = line.waiting.shift();
      if (notice === undefined || abort.signal.aborted) {
        if (notice !== undefined)
          say(
            line,
            'error',
            `was not told of ${line.waiting.length + 1} more: the dispatcher stops`,
          );
        line.waiting.length = 0;
        return;
      }
      const problem = await deliver(line.target, JSON.stringify(notice), {
        ...delivery,
        signal: abort.signal,
      });
      sayDropped(line);
      if (problem !== null) say(line, 'error', `was not told of ${notice.event}: ${problem}`);
    }
  };
  return {
    put(notice) {
      for (const target of targets()) {
        if (target.events.length > 0 && !target.events.includes(notice.event)) continue;
        const line = lineOf(target);
        line.waiting.push(notice);
        if (line.waiting.length > MOST) {
          line.waiting.shift();
          line.dropped += 1;
        }
        line.work ??= empty(line).finally(() => {
          line.work = null;
        });
      }
    },
    async close(withinMs) {
      const all = Promise.all([...lines.values()].map(({ work }) => work));
      const timer = setTimeout(() => abort.abort(), withinMs);
      await all;
      clearTimeout(timer);
    },
  };
}
