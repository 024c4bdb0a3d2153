import type {
  ClaimedIssueOutput,
  ClaimOutput,
  CommentOutput,
  IssueChangeOutput,
  IssueGateOutput,
  IssueItemOutput,
  IssueOutput,
  LastClaimOutput,
} from '@jit/contract/outputs/issue';
import type { Issue } from '../domain/issue.ts';
import { byCodeUnit, isUnfinished } from '../domain/issue.ts';
import { blockersOf, shownState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';

/** One row of a list. */
export function toIssueItem(tx: ReadTx, issue: Issue): IssueItemOutput {
  return {
    id: issue.id,
    short_id: tx.shortId(issue.id),
    title: issue.title,
    state: shownState(issue, tx),
    priority: issue.priority,
    assignee: issue.assignee,
    labels: [...issue.labels],
    blockers: issue.state === 'open' || issue.state === 'gated' ? blockersOf(issue, tx) : [],
    attempt: issue.attempt,
    claim: toClaim(tx, issue),
    last_claim: toLastClaim(tx, issue),
    created_at: issue.created_at,
  };
}

function toClaim(tx: ReadTx, issue: Issue): ClaimOutput | null {
  const holding = tx.holding(issue.id);
  if (holding.kind !== 'held') return null;
  const { attempt, since, ttl_secs, expires_at } = holding;
  return {
    attempt,
    since,
    ttl_secs,
    expires_at: expires_at === null ? null : new Date(expires_at).toISOString(),
  };
}

function toLastClaim(tx: ReadTx, issue: Issue): LastClaimOutput | null {
  const holding = tx.holding(issue.id);
  if (holding.kind !== 'ended') return null;
  const { assignee, attempt, ended_at, reason } = holding;
  return { assignee, attempt, ended_at, reason };
}

/** How the last claim ended, as the log tells it; null while there is a claim, or after the work was finished. */
function lastClaimOfLog(tx: ReadTx, issue: Issue): LastClaimOutput | null {
  if (issue.claim !== null || !isUnfinished(issue)) return null;
  const ends = tx.events({ issue: issue.id }).filter(({ type }) => CLAIM_ENDS.includes(type));
  const last = ends.at(-1);
  if (last === undefined || last.type === 'claimed') return null;
  const failed = typeof last.failed === 'string' ? `failed (${last.failed})` : 'released';
  const reason = typeof last.reason === 'string' ? `${failed}: ${last.reason}` : failed;
  return {
    assignee: String(last.assignee),
    attempt: last.attempt ?? issue.attempt,
    ended_at: last.at,
    reason: last.type === 'claim_expired' ? 'expired' : reason,
  };
}

const CLAIM_ENDS = ['claimed', 'claim_released', 'claim_expired'];

/** The whole issue. */
export function toIssue(tx: ReadTx, issue: Issue): IssueOutput {
  const last = tx.lastEvent(issue.id);
  return {
    ...toIssueItem(tx, issue),
    last_claim: toLastClaim(tx, issue) ?? lastClaimOfLog(tx, issue),
    description: issue.description,
    acceptance_criteria: [...issue.acceptance_criteria],
    dependencies: [...issue.dependencies],
    dependents: [...tx.dependents(issue.id)],
    gates: toIssueGates(tx, issue),
    defer_until: issue.defer_until,
    documents: [...issue.documents],
    links: { ...issue.links },
    metadata: { ...issue.metadata },
    conflicts: issue.conflicts.map((conflict) => ({ ...conflict })),
    comments: toComments(tx, issue.id),
    created_by: issue.created_by,
    updated_at: last?.at ?? issue.created_at,
    updated_by: last?.actor ?? issue.created_by,
  };
}

/** The gates of an issue, each with its definition as far as there is one. */
export function toIssueGates(tx: ReadTx, issue: Issue): IssueGateOutput[] {
  return Object.entries(issue.gates)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, value]) => {
      const gate = tx.gate(key);
      return {
        key,
        title: gate?.title ?? null,
        stage: gate?.stage ?? null,
        mode: gate?.mode ?? null,
        status: value.status,
        by: value.by ?? null,
        at: value.at ?? null,
        note: value.note ?? null,
        commit: value.commit ?? null,
        run: value.run ?? null,
      };
    });
}

/** The comments on an issue, oldest first. */
export function toComments(tx: ReadTx, id: string): CommentOutput[] {
  return tx
    .events({ issue: id, type: 'comment_added' })
    .map((event) => ({ id: event.id, at: event.at, by: event.actor, text: String(event.text) }));
}

/** The answer of a change. */
export function toIssueChange(tx: ReadTx, id: string, changed: boolean): IssueChangeOutput {
  return { ...toIssue(tx, tx.mustHave(id)), changed };
}

/** The answer of a claim, with the token: it is shown this once. */
export function toClaimedIssue(
  tx: ReadTx,
  granted: { id: string; token: string; changed: boolean },
): ClaimedIssueOutput {
  const issue = toIssueChange(tx, granted.id, granted.changed);
  if (issue.claim === null) throw new Error(`${granted.id} was claimed and has no claim`);
  return { ...issue, claim: { ...issue.claim, token: granted.token } };
}
