import type { JitContext } from '../context.ts';
import type { ReadTx } from '../store/store.ts';
import { warnOfMerges } from './warn-of-merges.ts';

/** Reads one snapshot. Files that can't be used are named on stderr; the answer goes on without them. */
export function readTracker<T>(context: JitContext, body: (tx: ReadTx) => T): T {
  return context.store.read((tx) => {
    const answer = body(tx);
    for (const file of tx.unreadable())
      context.warn(`.jit/${file.path} can't be used: ${file.problem}`);
    warnOfMerges(context, tx.mergeTraces());
    return answer;
  });
}
