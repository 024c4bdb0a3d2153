import { JitError } from '@jit/contract/errors';
import { alreadyClaimed, lostClaim, newRecord } from '../domain/claims.ts';
import { illegalMove } from '../domain/errors.ts';
import { resetExitGates } from '../domain/gate.ts';
import { isUnfinished } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import { randomBytes } from '../platform/crypto.ts';
import type { WriteTx } from '../store/store.ts';
import type { Granted } from './claim-issue.ts';
import type { Changed } from './transitions.ts';
import type { Writer } from './writer.ts';
import { fenceOwner, fenceToken, hashToken } from './writer.ts';

/** Hands a claimed issue to another assignee: new attempt, new token, state kept. Errors: ILLEGAL_MOVE (4), CLAIM_HELD (6), LOST_CLAIM (7). */
export function reassignIssue(
  tx: WriteTx,
  ref: string,
  assignee: string,
  writer: Writer,
  ttlSecs: number | null,
): Granted {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  const { lastHolder } = fenceOwner(tx, id, writer);
  if (lastHolder) throw lostClaim(id, 'the claim of this token has ended');
  if (issue.claim === null)
    throw illegalMove(id, shownState(issue, tx), 'be reassigned: nobody holds a claim on it');
  const token = randomBytes(16).toString('hex');
  const now = tx.instant;
  const ttl = ttlSecs ?? issue.claim.ttl_secs;
  const attempt = Math.max(issue.attempt, tx.record(id)?.attempt ?? 0) + 1;
  const reassigned = {
    ...issue,
    assignee,
    attempt,
    gates: resetExitGates(issue, tx.gate),
    claim: {
      since: new Date(tx.now).toISOString(),
      ttl_secs: ttl,
      token_hash: hashToken(token),
      origin: tx.origin,
    },
  };
  tx.put(reassigned);
  tx.putRecord(newRecord(reassigned, { assignee, tokenHash: hashToken(token), ttlSecs: ttl, now }));
  tx.emit({ type: 'reassigned', issue: id, attempt, from: issue.assignee, to: assignee });
  return { id, token, changed: true };
}

/** Reserves an unclaimed issue for one assignee, or ends the reservation (`assignee` null). Errors: ILLEGAL_MOVE (4), ALREADY_CLAIMED (6), LOST_CLAIM (7). */
export function assignIssue(
  tx: WriteTx,
  ref: string,
  assignee: string | null,
  writer: Writer,
): Changed {
  const id = tx.resolve(ref);
  const issue = tx.mustHave(id);
  fenceToken(tx, id, writer);
  if (assignee !== null && assignee.trim() === '')
    throw new JitError('usage', 'INVALID_FIELD', 'the assignee is empty');
  if (issue.assignee === assignee) return { id, changed: false };
  const holding = tx.holding(id);
  if (holding.kind === 'held') throw alreadyClaimed(id, holding);
  if (!isUnfinished(issue))
    throw illegalMove(id, shownState(issue, tx), 'be reserved: its assignee is who worked on it');
  tx.put({ ...issue, assignee });
  tx.emit({ type: 'assigned', issue: id, from: issue.assignee, to: assignee });
  return { id, changed: true };
}
