import type { JitContext } from '../context.ts';
import type { WriteTx } from '../store/store.ts';
import { warnOfMerges } from './warn-of-merges.ts';

/** Changes the tracker in one write. Files that can't be used and that the change did not need are named on stderr. */
export function writeTracker<T>(context: JitContext, body: (tx: WriteTx) => T): T {
  const outcome = context.store.write((tx) => ({
    answer: body(tx),
    unreadable: tx.unreadable(),
    traces: tx.mergeTraces(),
  }));
  for (const { path, problem } of outcome.unreadable) {
    context.warn(`.jit/${path} can't be used: ${problem}`);
  }
  warnOfMerges(context, outcome.traces);
  return outcome.answer;
}
