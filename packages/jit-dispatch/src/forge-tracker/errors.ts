import { JitError } from '@jit/contract/errors';
import type { HeldClaim } from './reading/read-log.ts';
import { expiryOf, timeText } from './reading/to-issue.ts';

/** There is no such issue: exit 3. */
export function notFound(id: string): JitError {
  return new JitError('not_found', 'NOT_FOUND', `there is no issue ${id}`, {
    hint: 'ids are the numbers of issues; pull requests are none',
    details: { ref: id },
  });
}

/** Somebody else holds it: exit 6. */
export function alreadyClaimed(id: string, claim: HeldClaim): JitError {
  const { agent } = claim;
  return new JitError('conflict', 'ALREADY_CLAIMED', `${id} is claimed by ${agent}`, {
    hint: 'Take another issue.',
    details: { issue: id, assignee: agent, ...timesOf(claim) },
  });
}

/** Somebody holds it, and this write brings no token: exit 6. */
export function claimHeld(id: string, claim: HeldClaim): JitError {
  const { agent } = claim;
  return new JitError('conflict', 'CLAIM_HELD', `${id} is claimed by ${agent}`, {
    hint: 'Only the holder can change its state, with the token of the claim.',
    details: { issue: id, assignee: agent, ...timesOf(claim) },
  });
}

/** What a forge refuses for good, whoever asks again. Of rights that are missing GitHub may say that nothing is there. */
const FINAL: readonly string[] = ['FORGE_FORBIDDEN', 'FORGE_NOT_FOUND', 'FORGE_REFUSED'];

/** Whether a claim that failed so is taken back, and not made again and again. */
export function endsClaim(error: unknown): boolean {
  return error instanceof JitError && FINAL.includes(error.code);
}

function timesOf(claim: HeldClaim): object {
  return { since: timeText(claim.since), expires_at: expiryOf(claim) };
}

/** The token of this call is not current: exit 7. */
export function lostClaim(id: string, why: string): JitError {
  return new JitError('lost_claim', 'LOST_CLAIM', `${id}: ${why}`, {
    hint: 'Stop the work on this issue: the claim is not yours any more.',
    details: { issue: id },
  });
}

/** The state does not allow it: exit 4. */
export function illegalMove(id: string, state: string, wanted: string): JitError {
  return new JitError('invalid', 'ILLEGAL_MOVE', `${id} is ${state}: it can't ${wanted}`, {
    hint: 'A person opens or closes it on its page.',
    details: { issue: id, state, wanted },
  });
}
