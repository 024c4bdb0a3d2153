import { usageError } from '@jit/contract/errors';
import type { HeartbeatOutput } from '@jit/contract/outputs/issue';
import { type Desk, hashToken, mustLook } from '../desk.ts';
import { lostClaim } from '../errors.ts';
import { type ClaimMarker, withMarker } from '../reading/marker.ts';
import { allowanceMs, type HeldClaim, termMs } from '../reading/read-log.ts';
import { assigneeOf, type SeenIssue, timeText } from '../reading/to-issue.ts';
import { complete, contend, newClaim } from './claim-issue.ts';

/** Who renews a lease, and how long it is from now on; null: as long as before. */
export interface Renewal {
  readonly token: string;
  readonly ttlSecs: number | null;
  readonly by: string;
}

/**
 * Renews the lease of a claim: its comment is changed, and lasts a whole term from then by the forge's clock. A lease
 * that has ended is taken up again by a claim of its own, unless somebody has the issue since.
 * @throws JitError LOST_CLAIM (7)
 */
export async function renewClaim(
  desk: Desk,
  id: string,
  { token, ttlSecs, by }: Renewal,
): Promise<HeartbeatOutput> {
  const seen = await mustLook(desk, id);
  const last = seen.log.claims.at(-1);
  if (last === undefined || last.token !== hashToken(token))
    throw lostClaim(id, last === undefined ? 'nobody holds it' : 'this token does not hold it');
  if (seen.issue.state === 'closed') throw lostClaim(id, 'it is closed');
  if (last.end !== null) throw lostClaim(id, 'the claim has ended');
  const ttl_secs = ttlSecs ?? last.ttl_secs;
  if (ttl_secs === null)
    throw usageError(`the claim of ${id} has no lease to renew`, { hint: 'give --ttl SECS' });
  if (desk.view.now() >= last.until) return resume(desk, seen, { ...last, ttl_secs }, by);
  const until = await renew(desk, seen, last, ttl_secs);
  return { id, attempt: last.attempt, expires_at: timeText(until), resumed: false };
}

async function renew(
  { forge, view }: Desk,
  { issue, log }: SeenIssue,
  last: HeldClaim,
  ttl_secs: number,
): Promise<number> {
  const entry = log.entries.find(({ id }) => id === last.comment);
  if (entry === undefined) throw new Error('a claim without its comment');
  const body = withMarker(entry.text, {
    ...markerOf(last),
    ttl_secs,
    renewed: last.renewed + 1,
    renews:
      last.ttl_secs === null ? null : { until: timeText(last.until), ttl_secs: last.ttl_secs },
  });
  const edited = await forge.editComment(last.comment, body);
  view.learn(edited.updated_at);
  view.forget(issue.number);
  const at = Date.parse(edited.updated_at);
  // On its way so long that somebody may have taken the issue: nobody goes on with that.
  if (at >= last.until + allowanceMs(last.ttl_secs))
    throw lostClaim(String(issue.number), 'its renewal came too late');
  return at + termMs(ttl_secs);
}

async function resume(
  desk: Desk,
  seen: SeenIssue,
  last: HeldClaim,
  by: string,
): Promise<HeartbeatOutput> {
  const id = String(seen.issue.number);
  const assignee = assigneeOf(seen, desk.rules(), desk.view.now());
  if (assignee !== null && assignee !== last.agent)
    throw lostClaim(id, `it is reserved for ${assignee}`);
  const marker: ClaimMarker = { ...markerOf(last), by, resumes: last.comment };
  const text = `${last.agent} goes on with it (attempt ${last.attempt}): its lease had ended.`;
  const { seen: after, claim } = await contend(desk, seen, { text, marker });
  await complete(desk, after, claim);
  return { id, attempt: claim.attempt, expires_at: timeText(claim.until), resumed: true };
}

function markerOf({ agent, token, attempt, ttl_secs, by, resumes }: HeldClaim): ClaimMarker {
  return newClaim({ agent, token, attempt, ttl_secs, by, resumes });
}
