import { stateChange } from '../domain/claims.ts';
import type { ClaimRecord } from '../domain/holding.ts';
import { isOver } from '../domain/holding.ts';
import { isUnfinished } from '../domain/issue.ts';
import type { WriteTx } from '../store/store.ts';

/** Stores the end of every claim whose lease is over, with an event dated at its expiry. Runs at the start of each write. */
export function settleClaims(tx: WriteTx): void {
  for (const record of tx.liveRecords()) {
    if (isOver(record, tx.instant)) endExpired(tx, record);
  }
}

function endExpired(tx: WriteTx, record: ClaimRecord): void {
  const at = new Date(record.expires_at ?? tx.now).toISOString();
  const { issue: id, attempt, assignee } = record;
  const known = tx.stateOf(id) !== 'missing' && tx.stateOf(id) !== 'unreadable';
  const issue = known ? tx.issue(id) : undefined;
  const held = issue !== undefined && isUnfinished(issue) && issue.attempt <= attempt;
  if (held) {
    tx.emit({ type: 'claim_expired', issue: id, attempt, at, assignee });
    const before = {
      ...issue,
      state: issue.state === 'open' ? ('in_progress' as const) : issue.state,
    };
    for (const draft of stateChange(before, issue, { at, cause: 'claim_expired' })) tx.emit(draft);
    tx.put(issue);
  }
  tx.putRecord({ ...record, ended: { at, reason: held ? 'expired' : 'finished' } });
}
