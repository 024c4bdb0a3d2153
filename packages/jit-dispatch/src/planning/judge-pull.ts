import { backoffSecs } from './backoff.ts';

/** A pull request of a branch, as far as it is looked at here. */
export interface FoundPull {
  readonly number: number;
  readonly state: 'open' | 'merged' | 'closed';
  readonly head_commit: string;
  readonly updated_at: string;
  readonly url: string;
}

/** Whether a branch has its pull request. */
export type FoundOne<P extends FoundPull> =
  | { readonly is: 'none' }
  | { readonly is: 'there' | 'closed'; readonly pull: P };

/**
 * Which pull request of a branch brings a commit in. An open one does: what is pushed to the branch becomes
 * part of it. One that is over does only if it ended with that commit, and after the work had begun:
 * some forges tell of a finished one where the branch is now.
 * @param since when the run was created (RFC 3339)
 */
export function choosePull<P extends FoundPull>(
  found: readonly P[],
  { commit, since }: { readonly commit: string; readonly since: string },
): FoundOne<P> {
  const open = found.find(({ state }) => state === 'open');
  if (open !== undefined) return { is: 'there', pull: open };
  // Forges count in seconds.
  const floor = Math.floor(Date.parse(since) / 1000) * 1000;
  const over = found.filter(
    ({ head_commit, updated_at }) => head_commit === commit && Date.parse(updated_at) >= floor,
  );
  const merged = over.find(({ state }) => state === 'merged');
  if (merged !== undefined) return { is: 'there', pull: merged };
  const [closed] = over;
  return closed === undefined ? { is: 'none' } : { is: 'closed', pull: closed };
}

/** Why the pull request of a run is not tried again by a person's word; null: it is. */
export function whyNoRetry(
  run: string,
  pull: { readonly state: string; readonly url: string | null } | null,
): string | null {
  if (pull === null) return `run ${run} has no pull request, and gets none`;
  if (pull.state === 'failed') return null;
  const where = pull.url === null ? '' : ` (${pull.url})`;
  const state = pull.state.replaceAll('_', ' ');
  return `the pull request of run ${run} is ${state}${where}, not failed`;
}

/** How a try ended that did not get through. */
export interface PullFailure {
  readonly message: string;
  /** Nothing gets better by trying again. */
  readonly isFinal: boolean;
  /** The forge asked for patience until then (RFC 3339); such a try is not counted. */
  readonly retryAt: string | null;
}

/** What follows from a failure. `tries`: those that count, this one included. */
export type NextTry =
  | { readonly do: 'wait'; readonly tries: number; readonly until: Date }
  | { readonly do: 'give_up'; readonly tries: number };

/** With these pauses they take about five hours. */
export const MOST_TRIES = 12;
const PAUSES = { firstSecs: 10, maxSecs: 3600 };

/**
 * Whether and when it is tried again.
 * @param tries those that failed before
 * @param random in [0, 1)
 */
export function afterFailure(
  { isFinal, retryAt }: PullFailure,
  tries: number,
  { now, random }: { readonly now: number; readonly random: number },
): NextTry {
  if (retryAt !== null && !isFinal) {
    const until = Math.max(Date.parse(retryAt), now + PAUSES.firstSecs * 1000);
    return { do: 'wait', tries, until: new Date(until) };
  }
  const all = tries + 1;
  if (isFinal || all >= MOST_TRIES) return { do: 'give_up', tries: all };
  return {
    do: 'wait',
    tries: all,
    until: new Date(now + backoffSecs(all, PAUSES, random) * 1000),
  };
}
