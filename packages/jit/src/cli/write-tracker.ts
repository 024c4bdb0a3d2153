import type { JitContext } from '../context.ts';
import type { WriteTx } from '../store/store.ts';
import { warnOfMerges } from './warn-of-merges.ts';

/** Changes the tracker in one write. Files that can't be used and that the change did not need are named on stderr. */
export function writeTracker<T>(context: JitContext, body: (tx: WriteTx) => T): T {
  return told(
    context,
    context.store.write((tx) => outcomeOf(tx, body)),
  );
}

/** Tells what such a change would answer, and changes nothing. */
export function rehearseTracker<T>(context: JitContext, body: (tx: WriteTx) => T): T {
  return told(
    context,
    context.store.rehearse((tx) => outcomeOf(tx, body)),
  );
}

function outcomeOf<T>(tx: WriteTx, body: (tx: WriteTx) => T) {
  return { answer: body(tx), unreadable: tx.unreadable(), traces: tx.mergeTraces() };
}

function told<T>(
  context: JitContext,
  { answer, unreadable, traces }: ReturnType<typeof outcomeOf<T>>,
): T {
  for (const { path, problem } of unreadable) {
    context.warn(`.jit/${path} can't be used: ${problem}`);
  }
  warnOfMerges(context, traces);
  return answer;
}
