/** What of an issue tells that somebody worked on it. */
export interface IssueView {
  readonly state?: string;
  readonly attempt?: number;
  readonly claim?: {
    readonly since?: string;
    readonly ttl_secs?: number | null;
    readonly expires_at?: string | null;
  } | null;
  readonly updated_at?: string;
  readonly updated_by?: string;
}

/** How the keeper left the issue: what differs from it is somebody else's doing. */
export interface KnownIssue {
  readonly expiresAt: string | null;
  readonly updatedAt: string | null;
}

/** Under this name dispatchers write. */
const DISPATCHER = 'jit-dispatch:';

/**
 * True if the lease was renewed, or the issue changed, by another than this keeper or a dispatcher:
 * a sign of life. Before the first renewal both are compared with what the claim itself made of them.
 */
export function hasTrackerSign(view: IssueView, known: KnownIssue): boolean {
  const { claim, updated_at, updated_by } = view;
  const expiresAt = claim?.expires_at ?? null;
  const knownEnd = known.expiresAt ?? endOfFreshLease(claim);
  const isRenewed = expiresAt !== null && knownEnd !== null && isLater(expiresAt, knownEnd);
  const knownChange = known.updatedAt ?? claim?.since ?? null;
  const isChanged =
    updated_at !== undefined && knownChange !== null && isLater(updated_at, knownChange);
  return isRenewed || (isChanged && updated_by?.startsWith(DISPATCHER) !== true);
}

function endOfFreshLease(claim: IssueView['claim']): string | null {
  if (claim?.since === undefined || typeof claim.ttl_secs !== 'number') return null;
  const since = Date.parse(claim.since);
  return Number.isNaN(since) ? null : new Date(since + claim.ttl_secs * 1000).toISOString();
}

function isLater(a: string, b: string): boolean {
  return Date.parse(a) > Date.parse(b);
}
