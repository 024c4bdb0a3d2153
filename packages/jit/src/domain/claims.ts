import { JitError } from '@jit/contract/errors';
import { blocked, illegalMove } from './errors.ts';
import type { EventDraft } from './event.ts';
import type { GateLookup } from './gate.ts';
import { resetExitGates } from './gate.ts';
import type { ClaimRecord, Held, Holding, Instant } from './holding.ts';
import { leaseEnd } from './holding.ts';
import type { Issue } from './issue.ts';
import type { Blocker } from './readiness.ts';

/** The longest lease that can be asked for: 30 days, in seconds. */
export const MAX_TTL_SECS = 30 * 24 * 3600;

/** A change of one issue: the new issue, what is said about it, and the claim record where it changes. */
export interface ClaimChange {
  readonly issue: Issue;
  readonly record: ClaimRecord;
  readonly events: readonly EventDraft[];
}

/** Who wants an issue, and with what. */
export interface ClaimRequest {
  readonly assignee: string;
  readonly tokenHash: string;
  readonly ttlSecs: number | null;
  readonly origin: string;
  readonly now: Instant;
}

/** What is known about the issue that is asked for; the issue is a settled one. */
export interface ClaimFacts {
  readonly issue: Issue;
  readonly holding: Holding;
  readonly record: ClaimRecord | undefined;
  readonly blockers: readonly Blocker[];
  readonly gate: GateLookup;
}

/**
 * Grants or refuses a claim. Returns null when the token already holds the issue: the same call may
 * be repeated. Errors: ALREADY_CLAIMED, RESERVED (exit 6), LOST_CLAIM (7), BLOCKED, ILLEGAL_MOVE (4).
 */
export function decideClaim(facts: ClaimFacts, request: ClaimRequest): ClaimChange | null {
  const { issue, holding, record } = facts;
  if (holding.kind === 'held') {
    if (holding.token_hash === request.tokenHash && holding.assignee === request.assignee)
      return null;
    // A claim of this token was here, and a merge or an override gave the issue to somebody else.
    if (record?.token_hash === request.tokenHash && holding.token_hash !== request.tokenHash)
      throw lostClaim(issue.id, `${holding.assignee} holds it by now`);
    throw alreadyClaimed(issue.id, holding);
  }
  if (record?.token_hash === request.tokenHash) {
    throw lostClaim(issue.id, 'the claim of this token has ended; a new claim needs a new token');
  }
  if (issue.state !== 'open') throw illegalMove(issue.id, issue.state, 'be claimed');
  if (facts.blockers.length > 0) throw blocked(issue.id, 'be claimed', facts.blockers);
  if (issue.assignee !== null && issue.assignee !== request.assignee) {
    throw new JitError('conflict', 'RESERVED', `${issue.id} is reserved for ${issue.assignee}`, {
      hint: 'Take another issue: jit query ready',
      details: { issue: issue.id, assignee: issue.assignee },
    });
  }
  return grant(facts, request);
}

function grant(facts: ClaimFacts, request: ClaimRequest): ClaimChange {
  const { issue, record, gate } = facts;
  const since = new Date(request.now.wall).toISOString();
  const attempt = Math.max(issue.attempt, record?.attempt ?? 0) + 1;
  const claimed: Issue = {
    ...issue,
    state: 'in_progress',
    assignee: request.assignee,
    attempt,
    // Its rest is over: a clock that is set back must not put off what is under way.
    defer_until: null,
    claim: {
      since,
      ttl_secs: request.ttlSecs,
      token_hash: request.tokenHash,
      origin: request.origin,
    },
    gates: resetExitGates(issue, gate),
  };
  return {
    issue: claimed,
    record: newRecord(claimed, request),
    events: [
      {
        type: 'claimed',
        issue: issue.id,
        attempt,
        assignee: request.assignee,
        ttl_secs: request.ttlSecs,
      },
      { type: 'state_changed', issue: issue.id, attempt, from: issue.state, to: 'in_progress' },
    ],
  };
}

/** The store's record of the claim that an issue now carries. */
export function newRecord(issue: Issue, request: Omit<ClaimRequest, 'origin'>): ClaimRecord {
  return {
    issue: issue.id,
    attempt: issue.attempt,
    token_hash: request.tokenHash,
    assignee: request.assignee,
    since: new Date(request.now.wall).toISOString(),
    ttl_secs: request.ttlSecs,
    ...leaseEnd(request.ttlSecs, request.now),
    ended: null,
  };
}

/** The issue after its claim ended without the work being finished. A gated issue stays gated. */
export function withoutClaim(issue: Issue): Issue {
  return {
    ...issue,
    state: issue.state === 'in_progress' ? 'open' : issue.state,
    assignee: null,
    claim: null,
  };
}

/** A state_changed draft, or nothing if the state stayed. */
export function stateChange(
  before: Issue,
  after: Issue,
  more: Readonly<Record<string, unknown>> = {},
): EventDraft[] {
  if (before.state === after.state) return [];
  return [
    {
      type: 'state_changed',
      issue: after.id,
      attempt: after.attempt,
      from: before.state,
      to: after.state,
      ...more,
    },
  ];
}

/** Somebody else holds the issue: exit 6 with holder, since and the end of the lease. */
export function alreadyClaimed(id: string, held: Held): JitError {
  const expires_at = held.expires_at === null ? null : new Date(held.expires_at).toISOString();
  return new JitError('conflict', 'ALREADY_CLAIMED', `${id} is claimed by ${held.assignee}`, {
    hint: 'Take another issue: jit query ready',
    details: { issue: id, assignee: held.assignee, since: held.since, expires_at },
  });
}

/** The token of this write is no longer current: exit 7, nothing was changed. */
export function lostClaim(
  id: string,
  why: string,
  hint = 'Stop the work on this issue: the claim is not yours any more.',
): JitError {
  return new JitError('lost_claim', 'LOST_CLAIM', `${id}: ${why}`, {
    hint,
    details: { issue: id },
  });
}

/** The same for a lease that ended by time: its holder may still resume it. */
export function lapsedClaim(id: string, endedAt: string): JitError {
  return lostClaim(
    id,
    `the lease ended at ${endedAt}`,
    'jit issue heartbeat ID --claim TOKEN resumes the claim, unless somebody has taken the issue since; then stop the work on it.',
  );
}
