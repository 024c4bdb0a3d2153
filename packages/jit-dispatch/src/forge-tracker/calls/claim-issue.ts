import { JitError } from '@jit/contract/errors';
import type { ClaimedIssueOutput } from '@jit/contract/outputs/issue';
import { type Desk, hashToken, labelOf, mustLook, say } from '../desk.ts';
import { alreadyClaimed, endsClaim, illegalMove, lostClaim } from '../errors.ts';
import { fillAgent } from '../reading/agent-label.ts';
import { assignmentText } from '../reading/assignment-text.ts';
import type { ClaimMarker } from '../reading/marker.ts';
import type { HeldClaim } from '../reading/read-log.ts';
import {
  assigneeOf,
  attemptOf,
  blockersOf,
  claimOf,
  isWanted,
  type SeenIssue,
  stateOf,
  toClaim,
  toIssue,
} from '../reading/to-issue.ts';
import type { Slots } from '../slots.ts';

/** Who wants an issue, and how. */
export interface ClaimRequest {
  readonly agent: string;
  readonly token: string;
  /** Null: it has no lease, and is ended by whoever holds it. */
  readonly ttlSecs: number | null;
  readonly maxHeld: number | null;
  readonly by: string;
  readonly taskType: string | null;
  readonly agentTitle: string | null;
}

/**
 * Claims an issue: an assignment comment, then the comments are read again, and of the claims in them that with the
 * lowest id holds. Then the agent's label, and the assignee. The same call with the same token finishes what is missing.
 * @throws JitError ALREADY_CLAIMED, RESERVED, ASSIGNEE_FULL, CONDITION_NOT_MET (6), BLOCKED, ILLEGAL_MOVE (4), LOST_CLAIM (7)
 */
export async function claimIssue(
  desk: Desk,
  id: string,
  { slots, ...request }: ClaimRequest & { readonly slots: Slots },
): Promise<ClaimedIssueOutput> {
  const { view } = desk;
  const seen = await mustLook(desk, id);
  const hash = hashToken(request.token);
  const live = claimOf(seen, view.now());
  if (live?.token === hash && live.agent === request.agent)
    return answer(desk, await complete(desk, seen, live), {
      claim: live,
      token: request.token,
      changed: false,
    });
  if (seen.log.claims.some(({ token }) => token === hash))
    throw lostClaim(id, 'the claim of this token has ended; a new claim needs a new token');
  if (live !== null) {
    await withdraw(desk, seen, hash);
    throw alreadyClaimed(id, live);
  }
  checkFree(desk, seen, request.agent);
  const giveBack = await slots.take(request.agent, request.maxHeld);
  try {
    const attempt = attemptOf(seen) + 1;
    const { agent, agentTitle, by, taskType, ttlSecs } = request;
    const { issue } = seen;
    const text = assignmentText({ agent, agentTitle, attempt, by, taskType, issue });
    const marker = newClaim({ agent, token: hash, attempt, ttl_secs: ttlSecs, by, resumes: null });
    const { seen: after, claim } = await contend(desk, seen, { text, marker });
    const done = await complete(desk, after, claim);
    return answer(desk, done, { claim, token: request.token, changed: true });
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Writes a claim and sees whether it holds; one that does not is taken away again. */
export async function contend(
  desk: Desk,
  seen: SeenIssue,
  claim: { readonly text: string; readonly marker: ClaimMarker },
): Promise<{ readonly seen: SeenIssue; readonly claim: HeldClaim }> {
  const { view, step } = desk;
  const id = String(seen.issue.number);
  const { comment } = await say(desk, seen, claim);
  step('claim_commented');
  const after = await view.look(seen.issue.number);
  if (after === null) throw illegalMove(id, 'gone', 'be claimed');
  if (!after.log.entries.some((entry) => entry.id === comment.id)) throw notShownYet(desk, id);
  const last = after.log.claims.at(-1);
  if (after.issue.state === 'open' && last?.token === claim.marker.token)
    return { seen: after, claim: last };
  await withdraw(desk, after, claim.marker.token);
  if (last === undefined || after.issue.state === 'closed')
    throw illegalMove(id, stateOf(after, desk.rules(), view.now()), 'be claimed');
  throw alreadyClaimed(id, last);
}

export function newClaim(facts: Omit<ClaimMarker, 'kind' | 'renewed' | 'renews'>): ClaimMarker {
  return { kind: 'claim', ...facts, renewed: 0, renews: null };
}

/** Puts label and assignee on, as far as they are missing. Where the token may not, nobody is left waiting for the claim. */
export async function complete(desk: Desk, seen: SeenIssue, claim: HeldClaim): Promise<SeenIssue> {
  const { forge, view, rules, step } = desk;
  const { issue, log } = seen;
  const { agentLabel, assign } = rules();
  const label = fillAgent(agentLabel, claim.agent);
  const login = assign === null ? null : fillAgent(assign, claim.agent);
  const before = log.claims.at(-2);
  // A lease that ended by itself left the label of its agent behind.
  const stale =
    before !== undefined && before.end === null ? fillAgent(agentLabel, before.agent) : label;
  let { labels, assignees } = issue;
  try {
    if (stale !== label && labels.includes(stale)) {
      await forge.removeLabel(issue.number, stale);
      labels = labels.filter((each) => each !== stale);
    }
    if (!labels.includes(label)) {
      await forge.addLabel(issue.number, labelOf(label));
      labels = [...labels, label];
    }
    step('claim_labelled');
    if (login !== null && !assignees.includes(login))
      assignees = await forge.assign(issue.number, [login]);
    step('claim_assigned');
  } catch (error) {
    if (endsClaim(error) && claim.resumes === null) await withdraw(desk, seen, claim.token);
    throw error;
  } finally {
    view.forget(issue.number);
  }
  return { issue: { ...issue, labels, assignees }, log };
}

/** Takes the comments of a claim away. One that stays counts for nothing: the claim before it is read as the holder. */
async function withdraw(
  { forge, view }: Desk,
  { issue, log }: SeenIssue,
  token: string,
): Promise<void> {
  const own = log.entries.filter(
    ({ marker }) => marker?.kind === 'claim' && marker.token === token,
  );
  try {
    for (const { id } of own) await forge.deleteComment(id);
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
  } finally {
    view.forget(issue.number);
  }
}

function checkFree(desk: Desk, seen: SeenIssue, agent: string): void {
  const rules = desk.rules();
  const now = desk.view.now();
  const id = String(seen.issue.number);
  if (seen.issue.state === 'closed') throw illegalMove(id, stateOf(seen, rules, now), 'be claimed');
  if (!isWanted(seen, rules))
    throw new JitError(
      'conflict',
      'CONDITION_NOT_MET',
      `${id} has not all of the labels ${rules.labels.join(', ')}`,
      {
        hint: 'Only issues that fit the label filter are given out.',
        details: { issue: id },
      },
    );
  const blockers = blockersOf(seen, now);
  if (blockers.length > 0)
    throw new JitError('blocked', 'BLOCKED', `${id} can't be claimed: it rests`, {
      hint: 'Wait until its rest is over.',
      details: { issue: id, blockers },
    });
  const assignee = assigneeOf(seen, rules, now);
  if (assignee === null || assignee === agent) return;
  throw new JitError('conflict', 'RESERVED', `${id} is reserved for ${assignee}`, {
    hint: 'Take another issue.',
    details: { issue: id, assignee },
  });
}

/** What was written is not among what is read: whose claim it is can't be said yet. */
function notShownYet({ forge }: Desk, id: string): JitError {
  return new JitError(
    'external',
    'FORGE_BEHIND',
    `${forge.name} does not show the claim of ${id} yet`,
    {
      hint: 'ask again with the same token',
      retryable: true,
      details: { issue: id },
    },
  );
}

function answer(
  { rules, view }: Desk,
  seen: SeenIssue,
  {
    claim,
    token,
    changed,
  }: { readonly claim: HeldClaim; readonly token: string; readonly changed: boolean },
): ClaimedIssueOutput {
  return { ...toIssue(seen, rules(), view.now()), changed, claim: { ...toClaim(claim), token } };
}
