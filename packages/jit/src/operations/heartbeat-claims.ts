import { usageError } from '@jit/contract/errors';
import { lostClaim, newRecord } from '../domain/claims.ts';
import { illegalMove } from '../domain/errors.ts';
import { leaseEnd } from '../domain/holding.ts';
import { shownState } from '../domain/readiness.ts';
import type { WriteTx } from '../store/store.ts';
import { become } from './transitions.ts';
import { checkTokenForm, hashToken } from './writer.ts';

/** A renewed lease. */
export interface Renewed {
  readonly id: string;
  readonly attempt: number;
  /** RFC 3339. */
  readonly expires_at: string;
  readonly resumed: boolean;
}

/**
 * Renews a lease for one more full term. A lease that is over is resumed if nobody has taken the issue
 * since. Renewals leave the issue's file alone. Errors: LOST_CLAIM (7), NO_LEASE (2).
 */
export function heartbeatClaim(
  tx: WriteTx,
  ref: string,
  token: string,
  ttlSecs: number | null,
): Renewed {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  const record = tx.record(id);
  const holding = tx.holding(id);
  if (record?.token_hash !== hashToken(checkTokenForm(token)))
    throw lostClaim(id, 'this token does not hold it');
  if (holding.kind === 'held' && holding.token_hash !== record.token_hash) {
    throw lostClaim(id, `${holding.assignee} holds it by now`);
  }
  const expired = record.ended === null || record.ended.reason === 'expired';
  // A lower attempt is one that git brought back: nobody has taken the issue since.
  if (holding.kind !== 'held' && (!expired || issue.attempt > record.attempt))
    throw lostClaim(id, 'the claim has ended');
  const ttl = ttlSecs ?? record.ttl_secs;
  if (ttl === null)
    throw usageError(`the claim of ${id} has no lease to renew`, {
      hint: 'Claim with --ttl SECS.',
    });
  const lease = leaseEnd(ttl, tx.instant);
  const expires_at = new Date(lease.expires_at ?? tx.now).toISOString();
  const live = { ...record, ...lease, ttl_secs: ttl, ended: null };
  if (holding.kind === 'held') {
    tx.putRecord(live);
    return { id, attempt: record.attempt, expires_at, resumed: false };
  }
  if (issue.state !== 'open' && issue.state !== 'gated')
    throw illegalMove(id, shownState(issue, tx), 'be resumed');
  if (issue.assignee !== null && issue.assignee !== record.assignee)
    throw lostClaim(id, `it is reserved for ${issue.assignee}`);
  const resumed = {
    ...issue,
    state: issue.state === 'open' ? ('in_progress' as const) : issue.state,
    attempt: record.attempt,
    assignee: record.assignee,
    claim: { since: record.since, ttl_secs: ttl, token_hash: record.token_hash, origin: tx.origin },
  };
  tx.emit({ type: 'claim_resumed', issue: id, attempt: record.attempt, assignee: record.assignee });
  become(tx, issue, resumed, { cause: 'claim_resumed' });
  tx.putRecord({
    ...newRecord(resumed, {
      assignee: record.assignee,
      tokenHash: record.token_hash,
      ttlSecs: ttl,
      now: tx.instant,
    }),
    since: record.since,
  });
  return { id, attempt: record.attempt, expires_at, resumed: true };
}
