import type { GateLookup } from './gate.ts';
import { resetExitGates } from './gate.ts';
import type { Issue } from './issue.ts';
import { isUnfinished } from './issue.ts';

/** A moment on the tracker's machine. */
export interface Instant {
  /** Wall time in milliseconds. */
  readonly wall: number;
  /** Seconds since the machine started. */
  readonly uptime: number;
  /** Names this start of the machine; uptimes of different boots can't be compared. */
  readonly boot: string;
}

/** What the store remembers of an issue's latest claim; git does not undo it. */
export interface ClaimRecord {
  readonly issue: string;
  readonly attempt: number;
  readonly token_hash: string;
  readonly assignee: string;
  readonly since: string;
  readonly ttl_secs: number | null;
  /** End of the lease in wall milliseconds; null: no lease. */
  readonly expires_at: number | null;
  /** The same end in seconds of uptime within `boot`. */
  readonly expires_uptime: number | null;
  readonly boot: string;
  /** Set when the claim ended; a record stays so that its token is known as the last one. */
  readonly ended: { readonly at: string; readonly reason: string } | null;
}

/** A live claim. */
export interface Held {
  readonly kind: 'held';
  readonly assignee: string;
  readonly attempt: number;
  readonly since: string;
  readonly token_hash: string;
  readonly ttl_secs: number | null;
  /** Wall milliseconds; null: no lease, or a claim of another machine whose end is not known here. */
  readonly expires_at: number | null;
}

/** A claim that ended but still stands in the file until the next write settles it. */
export interface Ended {
  readonly kind: 'ended';
  readonly assignee: string;
  readonly attempt: number;
  readonly token_hash: string;
  /** RFC 3339 time of the end. */
  readonly ended_at: string;
  readonly reason: string;
}

/** Who holds an issue. */
export type Holding = Held | Ended | { readonly kind: 'free' };

const FREE: Holding = { kind: 'free' };

/**
 * Decides from the file and the store's record who holds an issue now (invariant ONE-HOLDER).
 *
 * The record outlives git: while its claim is live, a file that says `open` or has a lower attempt
 * was set back by git and the issue counts as held. A file that says done, rejected or archived ends
 * the claim. A file with a claim of this origin but without a record gets one full term from now on;
 * with a record of a later attempt it is one that git brought back, and it has ended. A claim of another
 * origin does not expire here.
 */
export function holdingOf(
  issue: Issue,
  record: ClaimRecord | undefined,
  origin: string,
  now: Instant,
): Holding {
  if (!isUnfinished(issue)) return FREE;
  if (record !== undefined && record.attempt >= issue.attempt) {
    const { ended } = record;
    const sameClaim = issue.claim?.token_hash === record.token_hash;
    if (ended === null) {
      const another = issue.claim !== null && !sameClaim && record.attempt === issue.attempt;
      return another ? fromFile(issue, origin, now) : fromRecord(record, now);
    }
    const superseded = issue.claim?.origin === origin && issue.attempt < record.attempt;
    if (!sameClaim && !superseded)
      return issue.claim === null ? FREE : fromFile(issue, origin, now);
    return { ...pick(record), kind: 'ended', ended_at: ended.at, reason: ended.reason };
  }
  return issue.claim === null ? FREE : fromFile(issue, origin, now);
}

function fromRecord(record: ClaimRecord, now: Instant): Holding {
  if (record.expires_at !== null && isOver(record, now)) {
    const ended_at = new Date(record.expires_at).toISOString();
    return { ...pick(record), kind: 'ended', ended_at, reason: 'expired' };
  }
  const { since, ttl_secs, expires_at } = record;
  return { ...pick(record), kind: 'held', since, ttl_secs, expires_at };
}

function pick(record: ClaimRecord): Pick<Held, 'assignee' | 'attempt' | 'token_hash'> {
  return { assignee: record.assignee, attempt: record.attempt, token_hash: record.token_hash };
}

function fromFile(issue: Issue, origin: string, now: Instant): Holding {
  const claim = issue.claim;
  if (claim === null) return FREE;
  const ours = claim.origin === origin;
  return {
    kind: 'held',
    assignee: issue.assignee ?? 'unknown',
    attempt: issue.attempt,
    since: claim.since,
    token_hash: claim.token_hash,
    ttl_secs: claim.ttl_secs,
    expires_at: ours && claim.ttl_secs !== null ? now.wall + claim.ttl_secs * 1000 : null,
  };
}

/** Whether a lease is over. */
export function isOver(record: ClaimRecord, now: Instant): boolean {
  return msLeft(record, now) <= 0;
}

/** Milliseconds until a lease is over: by uptime within one boot, by wall time across boots. */
export function msLeft(record: ClaimRecord, now: Instant): number {
  if (record.expires_at === null) return Number.POSITIVE_INFINITY;
  if (record.boot === now.boot && record.expires_uptime !== null) {
    return (record.expires_uptime - now.uptime) * 1000;
  }
  return record.expires_at - now.wall;
}

/** The end of a lease that begins now. */
export function leaseEnd(
  ttlSecs: number | null,
  now: Instant,
): Pick<ClaimRecord, 'expires_at' | 'expires_uptime' | 'boot'> {
  if (ttlSecs === null) return { expires_at: null, expires_uptime: null, boot: now.boot };
  return {
    expires_at: now.wall + ttlSecs * 1000,
    expires_uptime: now.uptime + ttlSecs,
    boot: now.boot,
  };
}

/** What settling needs to know besides, asked for only where it counts. */
export interface SettleFacts {
  readonly origin: string;
  readonly gate: GateLookup;
  readonly record: (id: string) => ClaimRecord | undefined;
}

/**
 * The issue in the attempt that it has come to: what a file of an earlier one says of exit gates passes
 * nothing now, whoever brought it back.
 */
function inAttempt(issue: Issue, attempt: number, gate: GateLookup): Issue {
  if (attempt <= issue.attempt) return issue;
  return { ...issue, attempt, gates: resetExitGates(issue, gate) };
}

/** The issue as everybody must see it: with an ended claim settled, and a claim that git set back restored. */
export function settleIssue(filed: Issue, holding: Holding, facts: SettleFacts): Issue {
  if (holding.kind === 'free') {
    // Only what gates say depends on the attempt of an issue that nobody holds.
    const depends = isUnfinished(filed) && Object.keys(filed.gates).length > 0;
    return depends ? inAttempt(filed, facts.record(filed.id)?.attempt ?? 0, facts.gate) : filed;
  }
  const issue = inAttempt(filed, holding.attempt, facts.gate);
  if (holding.kind === 'ended') {
    return {
      ...issue,
      state: issue.state === 'gated' ? 'gated' : 'open',
      assignee: null,
      claim: null,
    };
  }
  if (filed.claim === null || filed.attempt < holding.attempt) {
    return {
      ...issue,
      state: issue.state === 'gated' ? 'gated' : 'in_progress',
      assignee: holding.assignee,
      claim: {
        since: holding.since,
        ttl_secs: holding.ttl_secs,
        token_hash: holding.token_hash,
        origin: facts.origin,
      },
    };
  }
  return issue;
}
