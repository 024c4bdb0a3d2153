import { JitError } from '@jit/contract/errors';
import { lostClaim } from './claims.ts';
import type { ClaimRecord, Holding } from './holding.ts';

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
    throw lostClaim(id, `the claim ended at ${holding.ended_at} (${holding.reason})`);
  }
  if (holding.kind === 'free' && record?.token_hash === tokenHash && endedItself(record)) {
    return { kind: 'last-holder' };
  }
  const taken = holding.kind === 'held' && record?.token_hash === tokenHash;
  throw lostClaim(
    id,
    taken ? `${holding.assignee} holds it by now` : 'this token does not hold it',
  );
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
    const expires_at =
      holding.expires_at === null ? null : new Date(holding.expires_at).toISOString();
    throw new JitError('conflict', 'CLAIM_HELD', `${id} is claimed by ${holding.assignee}`, {
      hint: 'Only the holder can change its state, with the token printed by the claim.',
      details: { issue: id, assignee: holding.assignee, since: holding.since, expires_at },
    });
  }
  return permission;
}
