import { StringDecoder } from 'node:string_decoder';
import type { RunLogOutput } from '@jit/contract/outputs/dispatch';
import type { Run } from '../../ledger/run.ts';
import type { OutputReader } from '../../runners/open-output.ts';
import { hasRunEnded } from '../../runners/read-run.ts';
import { gapLine } from './log-text.ts';

const POLL_MS = 100;
/** An unfinished line is shown when nothing follows for so many looks. */
const PATIENCE = 10;

/**
 * The log as it grows: first what is there, then whole lines, until the agent has ended. An iterator by
 * hand, because a generator that waits for its timer could not be ended before it fires.
 */
export function followLog(
  first: RunLogOutput,
  { reader, folder, find }: { reader: OutputReader; folder: string; find: () => Run },
): AsyncIterableIterator<RunLogOutput> {
  const decoder = new StringDecoder('utf8');
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let waiting: RunLogOutput | null = first.text === '' ? null : first;
  let rest = '';
  let leftOut = 0;
  let quiet = 0;

  const take = (): boolean => {
    const piece = reader.next();
    if (piece === null) return false;
    leftOut += piece.leftOut;
    rest += decoder.write(piece.leftOut > 0 ? gapLine(piece.leftOut) : piece.bytes);
    return true;
  };

  /** What can be shown of what was read. */
  const show = (isAll: boolean): RunLogOutput | null => {
    const end = isAll ? rest.length : rest.lastIndexOf('\n') + 1;
    if (end === 0) return null;
    const text = rest.slice(0, end);
    rest = rest.slice(end);
    const item = { ...first, state: find().state, text, truncated: leftOut > 0, left_out: leftOut };
    leftOut = 0;
    return item;
  };

  const next = async (): Promise<IteratorResult<RunLogOutput>> => {
    for (;;) {
      if (waiting !== null) {
        const value = waiting;
        waiting = null;
        return { done: false, value };
      }
      if (isClosed) return { done: true, value: undefined };
      // Asked before reading: what was written before the end is read after it.
      const hasEnded = hasRunEnded(folder) || find().ended_at !== null;
      const isNew = take();
      quiet = isNew ? 0 : quiet + 1;
      isClosed = !isNew && hasEnded;
      if (isClosed) rest += decoder.end();
      waiting = show(isClosed || quiet > PATIENCE);
      if (waiting === null && !isNew && !isClosed)
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, POLL_MS);
        });
    }
  };
  return {
    next,
    async return() {
      isClosed = true;
      clearTimeout(timer);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
