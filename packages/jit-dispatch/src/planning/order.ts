import { PRIORITIES, type Priority } from '@jit/contract/vocabulary';
import type { RepositoryShare } from './circumstances.ts';

/** What the order of work depends on. */
export interface Ordered {
  readonly id: string;
  readonly repository: string;
  readonly priority: Priority;
  readonly created_at: string;
}

/** How waiting makes an issue more urgent. */
export interface Ageing {
  readonly age: { readonly stepHours: number; readonly maxSteps: number };
  /** In milliseconds. */
  readonly now: number;
}

const HOUR_MS = 3_600_000;

/**
 * The priority an issue is treated as: its own, one step more urgent for each `stepHours` since it was
 * created, at most `maxSteps` and never above critical, so that nothing waits for ever.
 */
export function agedPriority(
  { priority, created_at }: Pick<Ordered, 'priority' | 'created_at'>,
  { age: { stepHours, maxSteps }, now }: Ageing,
): Priority {
  const hours = (now - Date.parse(created_at)) / HOUR_MS;
  // A clock that is behind, or a date that nobody can read, makes nothing more urgent.
  const steps = stepHours > 0 && hours > 0 ? Math.min(Math.floor(hours / stepHours), maxSteps) : 0;
  return PRIORITIES[Math.max(0, PRIORITIES.indexOf(priority) - steps)] ?? priority;
}

/** An issue in its place. */
export interface Placed<T> {
  readonly issue: T;
  readonly aged: Priority;
}

/** What the sharing between repositories depends on. */
export interface Sharing extends Ageing {
  readonly repositories: readonly RepositoryShare[];
  readonly runs: readonly { readonly repository: string }[];
}

/** Issues in the order in which they are started. */
export interface Queue<T> {
  next(): Placed<T> | undefined;
  /** Tells that a run of the repository is started: the next turn may be another one's. */
  started(repository: string): void;
}

interface Lane<T> {
  readonly weight: number;
  /** Live runs and starts of this plan. */
  live: number;
  recent: number;
  /** By aged priority, each the oldest first. */
  readonly issues: readonly T[][];
  readonly taken: number[];
}

/**
 * Queues issues: the aged priority first; within it repositories take turns by weight, and in a repository
 * the oldest comes first, then the lower id. Turns follow from live runs and never from counters, so a
 * restart changes nothing (invariant CAPACITY-IS-COUNTED).
 */
export function queueUp<T extends Ordered>(issues: readonly T[], sharing: Sharing): Queue<T> {
  const lanes = openLanes<T>(issues, sharing);
  const all = [...lanes.values()];
  for (const issue of issues)
    lanes.get(issue.repository)?.issues[levelOf(issue, sharing)]?.push(issue);
  for (const lane of all) for (const level of lane.issues) level.sort(byAge);
  let level = 0;
  return {
    next() {
      for (; level < PRIORITIES.length; level += 1) {
        const waiting = all.filter((lane) => hasMore(lane, level));
        const lane = waiting.length > 1 ? nextTurn(waiting) : waiting[0];
        const aged = PRIORITIES[level];
        if (lane === undefined || aged === undefined) continue;
        const at = lane.taken[level] ?? 0;
        lane.taken[level] = at + 1;
        const issue = lane.issues[level]?.[at];
        if (issue !== undefined) return { issue, aged };
      }
      return undefined;
    },
    started(repository) {
      const lane = lanes.get(repository);
      if (lane === undefined) return;
      lane.live += 1;
      lane.recent += 1;
    },
  };
}

function levelOf(issue: Ordered, ageing: Ageing): number {
  return PRIORITIES.indexOf(agedPriority(issue, ageing));
}

function hasMore<T>({ issues, taken }: Lane<T>, level: number): boolean {
  return (taken[level] ?? 0) < (issues[level]?.length ?? 0);
}

/** A lane for each repository, in the order of the configuration. */
function openLanes<T extends Ordered>(
  issues: readonly T[],
  { repositories, runs }: Sharing,
): Map<string, Lane<T>> {
  const known = repositories.map((each) => [each.name, each] as const);
  const shares = new Map<string, Omit<RepositoryShare, 'name'>>(known);
  for (const { repository } of issues)
    if (!shares.has(repository)) shares.set(repository, { weight: 1, recent: 0 });
  const live = new Map<string, number>();
  for (const { repository } of runs) live.set(repository, (live.get(repository) ?? 0) + 1);
  return new Map(
    [...shares].map(([name, { weight, recent }]) => [
      name,
      {
        weight,
        recent,
        live: live.get(name) ?? 0,
        issues: PRIORITIES.map((): T[] => []),
        taken: PRIORITIES.map(() => 0),
      },
    ]),
  );
}

/**
 * Whose turn it is: the repository with the fewest live runs for its weight. Runs are whole, so one whose
 * next run would not take it past another one's share is as near; among those the fewest recent runs for
 * the weight decide, which is what makes shares come out where there are fewer slots than weights.
 */
function nextTurn<T>(waiting: readonly Lane<T>[]): Lane<T> | undefined {
  const bound = Math.min(...waiting.map(({ live, weight }) => (live + 1) / weight));
  const [first] = waiting
    .filter(({ live, weight }) => live / weight < bound)
    .sort(
      (a, b) => a.recent / a.weight - b.recent / b.weight || a.live / a.weight - b.live / b.weight,
    );
  return first;
}

/** The oldest first, then by id. Forges count their issues and tell times in seconds: 9 is before 10. */
function byAge(a: Ordered, b: Ordered): number {
  return compare(a.created_at, b.created_at) || digitsOf(a) - digitsOf(b) || compare(a.id, b.id);
}

/** How many digits a number has; what is none comes after all of them. */
function digitsOf({ id }: Ordered): number {
  return /^[1-9]\d*$/.test(id) ? id.length : Number.MAX_SAFE_INTEGER;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
