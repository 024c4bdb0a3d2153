import { illegalMove } from '../domain/errors.ts';
import { resetExitGates } from '../domain/gate.ts';
import { shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import type { Changed } from './transitions.ts';
import { become } from './transitions.ts';
import type { Writer } from './writer.ts';
import { endRecord, fenceToken } from './writer.ts';

/** Opens a done or rejected issue again: exit gates are to be decided anew, entry gates keep their result. */
export function reopenIssue(
  tx: WriteTx,
  ref: string,
  writer: Writer,
  reason: string | null,
): Changed {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  fenceToken(tx, id, writer);
  if (issue.state === 'open') return { id, changed: false };
  if (issue.state !== 'done' && issue.state !== 'rejected')
    throw illegalMove(id, shownState(issue, tx), 'be reopened');
  endRecord(tx, id, 'finished');
  const gates = resetExitGates(issue, tx.gate);
  // Who worked on it stays in the log: it is no reservation for the next one.
  if (issue.assignee !== null)
    tx.emit({ type: 'assigned', issue: id, from: issue.assignee, to: null, cause: 'reopened' });
  become(tx, issue, { ...issue, state: 'open', assignee: null, claim: null, gates }, { reason });
  return { id, changed: true };
}

/** Puts a finished issue away; it counts for its dependents as it did before. */
export function archiveIssue(tx: WriteTx, ref: string, writer: Writer): Changed {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  fenceToken(tx, id, writer);
  if (issue.state === 'archived') return { id, changed: false };
  if (issue.state !== 'done' && issue.state !== 'rejected')
    throw illegalMove(id, shownState(issue, tx), 'be archived');
  become(tx, issue, { ...issue, state: 'archived' });
  return { id, changed: true };
}
