import type { ShownState } from '@jit/contract/vocabulary';

/** A git repository in a workspace, as far as work could be lost with it. */
export interface FoundRepository {
  /** Where in the workspace; empty: the workspace itself. */
  readonly where: string;
  /** Why git could not tell the rest, or null. */
  readonly problem: string | null;
  /** Files that are changed or new, and not ignored. */
  readonly changes: number;
  /** Files that git was told not to look at. */
  readonly hidden: number;
  /** A rebase, merge or the like that was not finished. */
  readonly underWay: string | null;
  /** Why somebody locked it, or null. */
  readonly locked: string | null;
  readonly stashes: number;
  /** Commits in no remote-tracking branch and not in the base. */
  readonly unpushed: number;
  readonly hasSubmodules: boolean;
}

/** How a workspace is used. Times in milliseconds. */
export interface WorkspaceUsage {
  readonly kind: 'dir' | 'worktree';
  /** `missing`: the tracker does not have the issue any more. */
  readonly issue: ShownState | 'missing';
  readonly isClaimed: boolean;
  readonly hasLiveRun: boolean;
  /** The end of the last run, or when it was made. */
  readonly usedAt: number;
  /** When the issue changed last. */
  readonly changedAt: number;
}

/** How long workspaces stay. */
export interface Retention {
  readonly keepFailedHours: number;
  readonly keepRejectedHours: number;
}

/** Whether a workspace is over. `because` is in words; null while it is simply in use. */
export type Due =
  | { readonly is: 'due' }
  | { readonly is: 'used' }
  | { readonly is: 'kept'; readonly because: string };

const HOUR_MS = 3_600_000;

/** Whether nobody needs a workspace any more, as far as issue and runs say. */
export function isDue(
  usage: WorkspaceUsage,
  { keepFailedHours, keepRejectedHours }: Retention,
  now: number,
): Due {
  const { kind, issue, isClaimed, hasLiveRun, usedAt, changedAt } = usage;
  if (hasLiveRun || isClaimed) return { is: 'used' };
  if (issue === 'done') return { is: 'due' };
  if (kind === 'dir')
    return { is: 'kept', because: 'a plain folder goes only when its issue is done' };
  const isDropped = issue === 'rejected' || issue === 'archived' || issue === 'missing';
  const since = isDropped ? Math.max(usedAt, changedAt) : usedAt;
  const until = since + (isDropped ? keepRejectedHours : keepFailedHours) * HOUR_MS;
  if (now >= until) return { is: 'due' };
  const state = isDropped ? issue : 'not finished';
  return {
    is: 'kept',
    because: `its issue is ${state}: kept until ${new Date(until).toISOString()}`,
  };
}

/** What removing it could lose, in words; null: nothing (invariant NO-WORK-LOST). */
export function whyKept({
  kind,
  repositories,
  users,
}: {
  readonly kind: 'dir' | 'worktree';
  readonly repositories: readonly FoundRepository[];
  /** Processes that work in it. */
  readonly users: readonly number[];
}): string | null {
  if (kind === 'worktree' && !repositories.some(({ where }) => where === ''))
    return 'it is no git worktree any more';
  for (const each of repositories) {
    const why = ofRepository(each);
    if (why !== null) return each.where === '' ? why : `${each.where}: ${why}`;
  }
  return users.length === 0 ? null : `in use by process ${users.slice(0, 5).join(', ')}`;
}

function ofRepository(found: FoundRepository): string | null {
  if (found.problem !== null) return `git can't tell what is in it: ${found.problem}`;
  if (found.locked !== null) return `it is locked${found.locked && `: ${found.locked}`}`;
  if (found.underWay !== null) return `${found.underWay} is under way`;
  if (found.changes > 0) return `uncommitted: ${count(found.changes, 'file')}`;
  if (found.hidden > 0) return `hidden from git: ${count(found.hidden, 'file')}`;
  if (found.unpushed > 0) return `not pushed or merged: ${count(found.unpushed, 'commit')}`;
  if (found.stashes > 0) return `stashed: ${count(found.stashes, 'change')}`;
  return found.hasSubmodules ? 'it holds submodules, which git does not remove' : null;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
