import type { Desk } from '../desk.ts';
import { hashToken } from '../desk.ts';
import { claimHeld, lostClaim } from '../errors.ts';
import { fillAgent } from '../reading/agent-label.ts';
import type { HeldClaim } from '../reading/read-log.ts';
import { claimOf, type SeenIssue, timeText } from '../reading/to-issue.ts';

/** How a writer stands to the claim of an issue. */
export type Owner =
  /** It holds it, or nobody does. */
  | { readonly is: 'owner'; readonly claim: HeldClaim | null }
  /** It held it last and ended that itself: what already is so is no error. */
  | { readonly is: 'last holder'; readonly claim: HeldClaim };

/**
 * Whether a writer may change state, assignee or claim.
 * @throws JitError CLAIM_HELD (6), LOST_CLAIM (7)
 */
export function checkOwner(desk: Desk, seen: SeenIssue, token: string | null): Owner {
  const id = String(seen.issue.number);
  const live = claimOf(seen, desk.view.now());
  if (token === null) {
    // Without a lease it is a person's, who has no token.
    if (live !== null && live.ttl_secs !== null) throw claimHeld(id, live);
    return { is: 'owner', claim: live };
  }
  const hash = hashToken(token);
  if (live?.token === hash) return { is: 'owner', claim: live };
  const last = seen.log.claims.at(-1);
  if (last?.token !== hash)
    throw lostClaim(id, live === null ? 'this token does not hold it' : `${live.agent} holds it`);
  if (last.end !== null || seen.issue.state === 'closed') return { is: 'last holder', claim: last };
  throw lostClaim(id, `the lease ended at ${timeText(last.until)}`);
}

/** Takes off what tells people that an agent has the issue. Gives the issue without it. */
export async function takeOff(
  { forge, rules }: Desk,
  seen: SeenIssue,
  agent: string,
): Promise<SeenIssue> {
  const { issue } = seen;
  const { agentLabel, assign } = rules();
  const label = fillAgent(agentLabel, agent);
  const login = assign === null ? null : fillAgent(assign, agent);
  if (issue.labels.includes(label)) await forge.removeLabel(issue.number, label);
  if (login !== null && issue.assignees.includes(login))
    await forge.unassign(issue.number, [login]);
  const labels = issue.labels.filter((each) => each !== label);
  const assignees = issue.assignees.filter((each) => each !== login);
  return { ...seen, issue: { ...issue, labels, assignees } };
}
