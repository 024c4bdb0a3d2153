import { JitError } from '@jit/contract/errors';
import type { IssueChangeOutput } from '@jit/contract/outputs/issue';
import type { FailureClass } from '@jit/contract/vocabulary';
import { type Desk, mustLook, say } from '../desk.ts';
import { illegalMove, lostClaim } from '../errors.ts';
import type { ReleaseMarker } from '../reading/marker.ts';
import type { HeldClaim } from '../reading/read-log.ts';
import { blockersOf, type SeenIssue, stateOf, timeText, toIssue } from '../reading/to-issue.ts';
import { checkOwner, takeOff } from './owner.ts';

/** By whom a claim is ended, and why. */
export interface EndRequest {
  readonly token: string | null;
  readonly reason: string | null;
  readonly by: string;
}

/** … without the work being done. */
export interface ReleaseRequest extends EndRequest {
  readonly failed: FailureClass | null;
  /** Not to be claimed again for so many seconds. */
  readonly deferSecs: number | null;
}

const REASON_CHARS = 4000;

/**
 * Gives an issue back. Label and assignee go first: while they do, the claim still holds it.
 * @throws JitError CLAIM_HELD (6), LOST_CLAIM (7), ILLEGAL_MOVE (4)
 */
export async function releaseIssue(
  desk: Desk,
  id: string,
  request: ReleaseRequest,
): Promise<IssueChangeOutput> {
  const { rules, view } = desk;
  const seen = await mustLook(desk, id);
  const owner = checkOwner(desk, seen, request.token);
  const state = stateOf(seen, rules(), view.now());
  if (seen.issue.state === 'closed')
    throw owner.is === 'last holder'
      ? lostClaim(id, `the claim has ended; the issue is ${state}`)
      : illegalMove(id, state, 'be released');
  const { claim } = owner;
  if (owner.is === 'last holder' || claim === null) {
    if (claim === null && request.deferSecs !== null)
      throw new JitError(
        'invalid',
        'NOT_CLAIMED',
        `${id} is not claimed: there is nothing to release`,
        {
          hint: 'issue update ID --defer-until TIME lets an issue rest that nobody holds',
          details: { issue: id },
        },
      );
    return { ...toIssue(seen, rules(), view.now()), changed: false };
  }
  const bare = await takeOff(desk, seen, claim.agent);
  desk.step('release_unlabelled');
  const { deferSecs, failed } = request;
  const until =
    deferSecs === null || deferSecs === 0 ? null : timeText(view.now() + deferSecs * 1000);
  const after = await end(desk, bare, claim, {
    ...request,
    how: 'released',
    failed,
    defer_until: until,
  });
  return { ...toIssue(after, rules(), view.now()), changed: true };
}

/**
 * Finishes an issue: it is closed, then label, assignee and claim are ended. Repeated, it ends what is left.
 * @throws JitError CLAIM_HELD (6), LOST_CLAIM (7), BLOCKED, ILLEGAL_MOVE (4)
 */
export async function finishIssue(
  desk: Desk,
  id: string,
  { how, ...request }: EndRequest & { readonly how: 'done' | 'rejected' },
): Promise<IssueChangeOutput> {
  const { forge, rules, view, step } = desk;
  const seen = await mustLook(desk, id);
  const owner = checkOwner(desk, seen, request.token);
  const state = stateOf(seen, rules(), view.now());
  const isClosed = seen.issue.state === 'closed';
  if (isClosed && state !== how) throw illegalMove(id, state, `become ${how}`);
  if (!isClosed && owner.is === 'last holder') throw lostClaim(id, 'the claim has ended');
  if (!isClosed && owner.claim === null) refuseResting(desk, seen);
  const issue = isClosed
    ? seen.issue
    : await forge.closeIssue(seen.issue.number, how === 'done' ? 'completed' : 'not_planned');
  view.forget(issue.number);
  step('finish_closed');
  const { claim } = owner;
  const closed = { ...seen, issue };
  if (claim === null || claim.end !== null)
    return { ...toIssue(closed, rules(), view.now()), changed: !isClosed };
  const bare = await takeOff(desk, closed, claim.agent);
  const after = await end(desk, bare, claim, { ...request, how, failed: null, defer_until: null });
  return { ...toIssue(after, rules(), view.now()), changed: true };
}

async function end(
  desk: Desk,
  seen: SeenIssue,
  { comment, agent, attempt }: HeldClaim,
  {
    how,
    reason,
    failed,
    defer_until,
    by,
  }: EndRequest & Pick<ReleaseMarker, 'how' | 'failed' | 'defer_until'>,
): Promise<SeenIssue> {
  const why = reason === null ? '' : `: ${reason.slice(0, REASON_CHARS)}`;
  const word = how === 'released' ? 'Given back' : how === 'done' ? 'Done' : 'Rejected';
  const rest = defer_until === null ? '' : `\n\nIt rests until ${defer_until}.`;
  const marker: ReleaseMarker = {
    kind: 'release',
    claim: comment,
    how,
    reason: reason === null ? null : reason.slice(0, REASON_CHARS),
    failed,
    defer_until,
    by,
  };
  const text = `${word} by ${agent} (attempt ${attempt})${why}${rest}`;
  return (await say(desk, seen, { text, marker })).seen;
}

function refuseResting({ view }: Desk, seen: SeenIssue): void {
  const id = String(seen.issue.number);
  const blockers = blockersOf(seen, view.now());
  if (blockers.length === 0) return;
  throw new JitError('blocked', 'BLOCKED', `${id} can't be finished: it rests`, {
    hint: 'Wait until its rest is over, or claim it then.',
    details: { issue: id, blockers },
  });
}
