import type { ForgeComment } from '../../forge/forge.ts';
import {
  type ClaimMarker,
  type Marker,
  type ReleaseMarker,
  readMarker,
  withoutMarker,
} from './marker.ts';

/** A claim that held the issue, or holds it. Times are milliseconds since 1970, by the forge's clock. */
export interface HeldClaim extends ClaimMarker {
  /** The id of its comment. */
  readonly comment: number;
  readonly since: number;
  /** The end of its lease; infinite where it has none. */
  readonly until: number;
  readonly attempt: number;
  readonly end: (ReleaseMarker & { readonly at: number; readonly comment: number }) | null;
}

/** A comment as it was read. */
export interface LogEntry extends ForgeComment {
  /** Null: it is by somebody whose markers don't count, or has none. */
  readonly marker: Marker | null;
  readonly text: string;
  /** The claim that its marker makes; null: it makes none, or one that somebody else was before. */
  readonly claim: number | null;
}

/** What the comments of an issue say, oldest first. */
export interface IssueLog {
  readonly entries: readonly LogEntry[];
  readonly claims: readonly HeldClaim[];
  /** When it may be claimed again; null: it does not rest. */
  readonly restsUntil: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Labels that were to be put on with a comment, where it is not known that they were. */
  readonly pendingLabels: readonly string[];
}

const LONGEST_ALLOWANCE_MS = 120_000;

/** So long after its end a lease is still respected: clocks differ, and a renewal may be under way. */
export function allowanceMs(ttlSecs: number | null): number {
  return Math.min(LONGEST_ALLOWANCE_MS, termMs(ttlSecs) / 4);
}

/** How long a lease is. */
export function termMs(ttlSecs: number | null): number {
  return ttlSecs === null ? Number.POSITIVE_INFINITY : ttlSecs * 1000;
}

/** Whether a claim keeps others away at a time. */
export function isLive({ end, until, ttl_secs }: HeldClaim, at: number): boolean {
  return end === null && until + allowanceMs(ttl_secs) > at;
}

/** The claim that holds the issue at a time, or null. */
export function liveClaim({ claims }: IssueLog, at: number): HeldClaim | null {
  const last = claims.at(-1);
  return last !== undefined && isLive(last, at) ? last : null;
}

/**
 * Reads the comments of an issue: of claims made while nobody held it, that with the lowest id holds it. Whoever
 * reads the same comments finds the same, whatever the own clock says.
 * @param comments by ascending id
 * @param isTrusted whether the markers of an account count
 */
export function readLog(
  comments: readonly ForgeComment[],
  isTrusted: (author: string | null) => boolean,
): IssueLog {
  const claims: HeldClaim[] = [];
  let restsUntil: number | null = null;
  let metadata: Readonly<Record<string, string>> = {};
  const pendingLabels: string[] = [];

  const entries = comments.map((comment): LogEntry => {
    const marker = isTrusted(comment.author) ? readMarker(comment.body) : null;
    const text = marker === null ? comment.body : withoutMarker(comment.body);
    let claim: number | null = null;
    switch (marker?.kind) {
      case 'claim': {
        const held = takeClaim(claims.at(-1), marker, comment);
        if (held === null) break;
        claims.push(held);
        claim = held.comment;
        restsUntil = null;
        break;
      }
      case 'release': {
        const last = claims.at(-1);
        if (last === undefined || last.comment !== marker.claim || last.end !== null) break;
        const at = Date.parse(comment.created_at);
        claims.splice(-1, 1, { ...last, end: { ...marker, at, comment: comment.id } });
        restsUntil = timeOf(marker.defer_until);
        break;
      }
      case 'rest':
        restsUntil = timeOf(marker.until);
        break;
      case 'meta':
        metadata = { ...metadata, ...marker.set };
        break;
      case 'comment':
        if (marker.is_pending) pendingLabels.push(...marker.labels);
    }
    return { ...comment, marker, text, claim };
  });
  return { entries, claims, restsUntil, metadata, pendingLabels };
}

function takeClaim(
  last: HeldClaim | undefined,
  marker: ClaimMarker,
  { id, created_at, updated_at }: ForgeComment,
): HeldClaim | null {
  const since = Date.parse(created_at);
  const facts = { ...marker, ...leaseOf(marker, Date.parse(updated_at)), comment: id, end: null };
  if (last !== undefined && marker.resumes === last.comment && last.end === null)
    return marker.token === last.token
      ? { ...facts, since: last.since, attempt: last.attempt }
      : null;
  if (last !== undefined && isLive(last, since)) return null;
  // What a claim goes on with is the last one, or it is too late for it.
  if (marker.resumes !== null) return null;
  // Comments of earlier claims may have been deleted: their attempts still count.
  const attempt = Math.max((last?.attempt ?? 0) + 1, marker.attempt);
  return { ...facts, since, attempt };
}

/** A renewal that came when others were free to take the issue is none: the lease is the one that it found. */
function leaseOf({ ttl_secs, renews }: ClaimMarker, at: number) {
  if (renews !== null) {
    const until = Date.parse(renews.until);
    if (at >= until + allowanceMs(renews.ttl_secs)) return { ttl_secs: renews.ttl_secs, until };
  }
  return { ttl_secs, until: at + termMs(ttl_secs) };
}

function timeOf(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
