import type { IssueChangeOutput } from '@jit/contract/outputs/issue';
import { writeTracker } from '../../cli/write-tracker.ts';
import type { WriterArgs } from '../../cli/writer.ts';
import { writerOf } from '../../cli/writer.ts';
import type { JitContext } from '../../context.ts';
import type { Changed } from '../../operations/transitions.ts';
import type { Writer } from '../../operations/writer.ts';
import type { WriteTx } from '../../store/store.ts';
import { toIssueChange } from '../../views/issue.ts';

/**
 * Changes one issue in one write and shows it. A refusal that leaves a change behind, such as a move
 * to gated, is thrown when that change is durable.
 */
export function changeIssue(
  context: JitContext,
  args: WriterArgs & { readonly id: string },
  operation: (tx: WriteTx, id: string, writer: Writer) => Changed,
): IssueChangeOutput {
  const { view, refusal } = writeTracker(context, (tx) => {
    const id = tx.resolve(args.id);
    const outcome = operation(tx, id, writerOf(context, tx, id, args));
    return { view: toIssueChange(tx, id, outcome.changed), refusal: outcome.refusal };
  });
  if (refusal !== undefined) throw refusal;
  return view;
}
