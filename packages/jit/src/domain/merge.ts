import { PRIORITIES } from '@jit/contract/vocabulary';
import type { Issue, MergeConflict } from './issue.ts';
import { byCodeUnit, toSet } from './issue.ts';

/** The outcome of a three-way merge of one issue. */
export interface MergedIssue {
  readonly issue: Issue;
  readonly conflicts: readonly MergeConflict[];
}

const SETS = ['labels', 'dependencies', 'documents'] as const;
const MAPS = ['gates', 'links', 'metadata', 'extra'] as const;
const SCALARS = ['title', 'description', 'defer_until', 'acceptance_criteria'] as const;

/**
 * Merges two versions of an issue that grew from one base, field by field. Where one side changed a
 * field, that side wins; sets are the union of adds minus removes; maps are merged by key. Where both
 * changed a field: the claim group (attempt, claim, assignee, state) goes as one with the larger
 * attempt, at the same attempt with the finished one; the higher priority wins; else `kept` wins and
 * the other value is returned as a conflict.
 */
export function mergeIssues(base: Issue | null, kept: Issue, other: Issue): MergedIssue {
  const conflicts: MergeConflict[] = [];
  const origin = base ?? emptyLike(kept);
  let merged: Issue = { ...kept };
  for (const field of SCALARS) {
    merged = {
      ...merged,
      [field]: pickValue(field, origin[field], kept[field], other[field], conflicts),
    };
  }
  for (const field of SETS) {
    merged = { ...merged, [field]: mergeSets(origin[field], kept[field], other[field]) };
  }
  for (const field of MAPS) {
    merged = {
      ...merged,
      [field]: mergeMaps(field, origin[field], kept[field], other[field], conflicts),
    };
  }
  return {
    issue: {
      ...merged,
      priority: mergePriority(base, kept, other),
      ...mergeClaim(origin, kept, other, conflicts),
    },
    conflicts,
  };
}

function emptyLike(issue: Issue): Issue {
  return {
    ...issue,
    title: '',
    description: '',
    acceptance_criteria: [],
    defer_until: null,
    labels: [],
    dependencies: [],
    documents: [],
    gates: {},
    links: {},
    metadata: {},
    extra: {},
  };
}

/** Deep equality of JSON values, with keys in any order. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keysA = Object.keys(a);
  if (keysA.length !== Object.keys(b).length) return false;
  const other = b as Record<string, unknown>; // both are plain objects or arrays here
  return Object.entries(a).every(([key, value]) => key in other && sameValue(value, other[key]));
}

function pickValue<T>(field: string, base: T, kept: T, other: T, conflicts: MergeConflict[]): T {
  if (sameValue(kept, other) || sameValue(other, base)) return kept;
  if (sameValue(kept, base)) return other;
  conflicts.push({ field, kept, other });
  return kept;
}

function mergeSets(
  base: readonly string[],
  kept: readonly string[],
  other: readonly string[],
): readonly string[] {
  const removed = base.filter((value) => !kept.includes(value) || !other.includes(value));
  return toSet([...kept, ...other].filter((value) => !removed.includes(value)));
}

function mergeMaps<T>(
  field: string,
  base: Readonly<Record<string, T>>,
  kept: Readonly<Record<string, T>>,
  other: Readonly<Record<string, T>>,
  conflicts: MergeConflict[],
): Readonly<Record<string, T>> {
  const keys = [...new Set([...Object.keys(kept), ...Object.keys(other)])].sort(byCodeUnit);
  const merged = keys.map((key) => [
    key,
    pickValue<T | undefined>(
      `${field}.${key}`,
      own(base, key),
      own(kept, key),
      own(other, key),
      conflicts,
    ),
  ]);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

/** The value of a key, and nothing of what every object has. */
function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function mergePriority(base: Issue | null, kept: Issue, other: Issue): Issue['priority'] {
  if (kept.priority === base?.priority) return other.priority;
  if (other.priority === base?.priority) return kept.priority;
  const first = Math.min(PRIORITIES.indexOf(kept.priority), PRIORITIES.indexOf(other.priority));
  return PRIORITIES[first] ?? kept.priority;
}

type ClaimGroup = Pick<Issue, 'attempt' | 'claim' | 'assignee' | 'state'>;

function claimGroup(issue: Issue): ClaimGroup {
  const { attempt, claim, assignee, state } = issue;
  return { attempt, claim, assignee, state };
}

function mergeClaim(
  base: Issue,
  kept: Issue,
  other: Issue,
  conflicts: MergeConflict[],
): ClaimGroup {
  const [was, ours, theirs] = [claimGroup(base), claimGroup(kept), claimGroup(other)];
  if (sameValue(ours, theirs) || sameValue(theirs, was)) return ours;
  if (sameValue(ours, was)) return theirs;
  const oursWins =
    ours.attempt !== theirs.attempt
      ? ours.attempt > theirs.attempt
      : rank(ours.state) >= rank(theirs.state);
  const [winner, loser] = oursWins ? [ours, theirs] : [theirs, ours];
  conflicts.push({ field: 'claim', kept: withoutHash(winner), other: withoutHash(loser) });
  return winner;
}

function rank(state: Issue['state']): number {
  return ['open', 'in_progress', 'gated', 'rejected', 'done', 'archived'].indexOf(state);
}

/** Token hashes stay out of events. */
function withoutHash(group: ClaimGroup): Record<string, unknown> {
  const { claim, ...rest } = group;
  return { ...rest, since: claim?.since ?? null };
}
