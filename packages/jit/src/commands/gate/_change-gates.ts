import type { IssueChangeOutput } from '@jit/contract/outputs/issue';
import { writeTracker } from '../../cli/write-tracker.ts';
import type { WriterArgs } from '../../cli/writer.ts';
import { writerOf } from '../../cli/writer.ts';
import type { JitContext } from '../../context.ts';
import type { Writer } from '../../operations/writer.ts';
import type { WriteTx } from '../../store/store.ts';
import { toIssueChange } from '../../views/issue.ts';

/** Changes the gates of one issue in one write and shows it. */
export function changeGates(
  context: JitContext,
  args: WriterArgs & { readonly id: string },
  operation: (tx: WriteTx, id: string, writer: Writer) => boolean,
): IssueChangeOutput {
  return writeTracker(context, (tx) => {
    const id = tx.resolve(args.id);
    tx.mustHave(id);
    return toIssueChange(tx, id, operation(tx, id, writerOf(context, tx, id, args)));
  });
}
