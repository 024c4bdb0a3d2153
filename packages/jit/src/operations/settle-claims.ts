import { stateChange } from '../domain/claims.ts';
import type { ClaimRecord } from '../domain/holding.ts';
import { isOver } from '../domain/holding.ts';
import { isUnfinishedState } from '../domain/issue.ts';
import type { WriteTx } from '../store/store.ts';
import { logSaysOpen } from './undone-claims.ts';

/** Stores the end of every claim whose lease is over, with an event dated at its expiry. Runs at the start of each write. */
export function settleClaims(tx: WriteTx): void {
  for (const record of tx.liveRecords()) {
    const state = tx.stateOf(record.issue);
    // What can't be read now is settled when it can be.
    if (state === 'missing' || state === 'unreadable') continue;
    if (!isUnfinishedState(state)) end(tx, record, 'finished');
    else if (isOver(record, tx.instant)) endExpired(tx, record);
  }
}

function end(
  tx: WriteTx,
  record: ClaimRecord,
  reason: string,
  at = new Date(tx.now).toISOString(),
): void {
  tx.putRecord({ ...record, ended: { at, reason } });
}

function endExpired(tx: WriteTx, record: ClaimRecord): void {
  const at = new Date(record.expires_at ?? tx.now).toISOString();
  const { issue: id, attempt, assignee } = record;
  // A later claim, or one that a merge brought, is another one.
  if (tx.holding(id).kind !== 'ended') {
    end(tx, record, 'replaced', at);
    return;
  }
  const issue = tx.issue(id);
  if (issue !== undefined) {
    tx.emit({ type: 'claim_expired', issue: id, attempt, at, assignee });
    const before = {
      ...issue,
      state: issue.state === 'open' ? ('in_progress' as const) : issue.state,
    };
    if (!logSaysOpen(tx, id)) {
      const ends = stateChange(before, issue, { at, cause: 'claim_expired' });
      for (const draft of ends) tx.emit(draft);
    }
    tx.put(issue);
  }
  end(tx, record, 'expired', at);
}
