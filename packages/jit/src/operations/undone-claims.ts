import { stateChange } from '../domain/claims.ts';
import type { WriteTx } from '../store/store.ts';

const STATE_TOLD_BY = ['state_changed', 'issue_created', 'issue_imported'];

/** Whether the log knows nothing of work on the issue: git may have taken those lines with the file. */
export function logSaysOpen(tx: WriteTx, id: string): boolean {
  const last = tx.lastEvent(id, STATE_TOLD_BY);
  if (last?.type === 'state_changed') return last.to === 'open';
  return last?.type === 'issue_created';
}

/**
 * Writes a live claim that git took out of file and log into both again, so that what its holder does
 * now follows from what the log said before. Nothing to do where the log still has it.
 */
export function restoreUndone(tx: WriteTx, id: string): void {
  const issue = tx.mustHave(id);
  if (issue.state !== 'in_progress' || !logSaysOpen(tx, id)) return;
  const { attempt, assignee } = issue;
  tx.put(issue);
  tx.emit({ type: 'claim_resumed', issue: id, attempt, assignee, cause: 'undone_by_git' });
  const before = { ...issue, state: 'open' as const };
  for (const draft of stateChange(before, issue, { cause: 'claim_resumed' })) tx.emit(draft);
}
