import { JitError } from '@jit/contract/errors';
import { lapsedClaim, lostClaim } from './claims.ts';
import type { ClaimRecord, Held, Holding } from './holding.ts';

/** How a writer stands to the issue's claim. */
export interface WriterClaim {
  /** Hash of the token the writer brought, or null. */
  readonly tokenHash: string | null;
  /** A person's word to write over a live lease: recorded, and it ends the old token. */
  readonly override: boolean;
}

/** What a write that changes state, assignee or claim may do. */
export type Permission =
  /** Go on. `overrides` names the holder whose claim is ended by it. */
  | { readonly kind: 'go'; readonly overrides: Extract<Holding, { kind: 'held' }> | null }
  /** The writer is the last holder: what already holds is no error, anything else is LOST_CLAIM. */
  | { readonly kind: 'last-holder' };

/**
 * Fences a write of any sort that brings a token: a token that is not current gets LOST_CLAIM, exit 7.
 * Returns the permission of one that may go on.
 */
export function checkToken(
  id: string,
  holding: Holding,
  record: ClaimRecord | undefined,
  writer: WriterClaim,
): Permission {
  const { tokenHash } = writer;
  if (tokenHash === null) return { kind: 'go', overrides: null };
  if (holding.kind === 'held' && holding.token_hash === tokenHash)
    return { kind: 'go', overrides: null };
  if (holding.kind === 'ended' && holding.token_hash === tokenHash) {
    throw holding.reason === 'expired'
      ? lapsedClaim(id, holding.ended_at)
      : lostClaim(id, `the claim ended at ${holding.ended_at} (${holding.reason})`);
  }
  if (holding.kind === 'free' && record?.token_hash === tokenHash && endedItself(record)) {
    return { kind: 'last-holder' };
  }
  if (holding.kind === 'free' && record?.token_hash === tokenHash && record.ended !== null) {
    const { at, reason } = record.ended;
    throw reason === 'expired'
      ? lapsedClaim(id, at)
      : lostClaim(id, `the claim of this token ended at ${at} (${reason})`);
  }
  const holder = holding.kind === 'held' ? `: ${holding.assignee} holds it` : '';
  throw lostClaim(id, `this token does not hold it${holder}`);
}

/** Whether the holder ended the claim, and not time or somebody else. */
function endedItself({ ended }: ClaimRecord): boolean {
  return ended !== null && ['done', 'released', 'rejected'].includes(ended.reason);
}

/**
 * Fences a write that changes state, assignee or claim: with a live lease it must carry the token,
 * else CLAIM_HELD, exit 6 (invariant FENCED). A claim without a lease may be ended by anyone.
 */
export function checkOwner(
  id: string,
  holding: Holding,
  record: ClaimRecord | undefined,
  writer: WriterClaim,
): Permission {
  if (writer.override) return { kind: 'go', overrides: holding.kind === 'held' ? holding : null };
  const permission = checkToken(id, holding, record, writer);
  if (permission.kind !== 'go' || writer.tokenHash !== null) return permission;
  if (holding.kind === 'held' && holding.ttl_secs !== null) {
    throw claimHeld(id, holding);
  }
  return permission;
}

/** Somebody holds the issue, and this write brings no token: exit 6. */
export function claimHeld(id: string, holding: Held): JitError {
  const { assignee, since } = holding;
  const expires_at =
    holding.expires_at === null ? null : new Date(holding.expires_at).toISOString();
  return new JitError('conflict', 'CLAIM_HELD', `${id} is claimed by ${assignee}`, {
    hint: 'Only the holder can change its state, with the token printed by the claim.',
    details: { issue: id, assignee, since, expires_at },
  });
}
