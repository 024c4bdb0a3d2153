import { PRIORITIES } from '@jit/contract/vocabulary';
import type { Issue, IssueGate, MergeConflict } from './issue.ts';
import { byCodeUnit } from './issue.ts';
import {
  mergeConflictLists,
  mergeMaps,
  mergeSets,
  mergeValue,
  note,
  sameValue,
} from './merge-values.ts';

/** The outcome of a three-way merge of one issue. */
export interface MergedIssue {
  /** `conflicts` of it are those that earlier merges left. */
  readonly issue: Issue;
  /** Fields that this merge found changed on both sides, with the value that lost. */
  readonly conflicts: readonly MergeConflict[];
}

const SETS = ['labels', 'dependencies', 'documents'] as const;
const MAPS = ['links', 'metadata', 'extra'] as const;
const SCALARS = [
  'title',
  'description',
  'defer_until',
  'acceptance_criteria',
  'created_at',
  'created_by',
] as const;

/**
 * Merges two versions of an issue that grew from one base, field by field; `base` null: both sides
 * made it. Where one side changed a field, that side wins; sets are the union of adds minus removes;
 * maps are merged by key. Where both changed a field: the claim group (attempt, claim, assignee,
 * state) goes as one with the larger attempt, at the same attempt with the finished one; the higher
 * priority wins; a gate that was passed in an attempt before the larger one is not passed; else `kept`
 * wins. In each of these cases the other value is returned as a conflict.
 * Nothing is dropped (invariant NOTHING-MERGED-AWAY).
 */
export function mergeIssues(base: Issue | null, kept: Issue, other: Issue): MergedIssue {
  const conflicts: MergeConflict[] = [];
  const origin = base ?? emptyLike(kept);
  let merged: Issue = { ...kept };
  for (const field of SCALARS) {
    merged = {
      ...merged,
      [field]: mergeValue(field, origin[field], kept[field], other[field], conflicts),
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
      gates: mergeGateResults(origin, kept, other, conflicts),
      priority: mergePriority(base, kept, other, conflicts),
      ...mergeClaim(base, kept, other, conflicts),
      conflicts: mergeConflictLists(origin.conflicts, kept.conflicts, other.conflicts),
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
    conflicts: [],
    created_at: '',
    created_by: '',
    extra: {},
  };
}

/** By key; but a result of an earlier attempt passes no gate of a new one that the other side began. */
function mergeGateResults(
  base: Issue,
  kept: Issue,
  other: Issue,
  conflicts: MergeConflict[],
): Issue['gates'] {
  const [newer, older] = kept.attempt > other.attempt ? [kept, other] : [other, kept];
  const isNew = newer.attempt > older.attempt && newer.attempt > base.attempt;
  const stale = (key: string) =>
    isNew &&
    Object.hasOwn(newer.gates, key) &&
    Object.hasOwn(older.gates, key) &&
    older.gates[key]?.status === 'passed' &&
    newer.gates[key]?.status !== 'passed' &&
    !sameValue(older.gates[key], base.gates[key]);
  const without = ({ gates }: Issue) =>
    Object.fromEntries(Object.entries(gates).filter(([key]) => !stale(key)));
  const gates = mergeMaps('gates', without(base), without(kept), without(other), conflicts);
  const renewed: [string, IssueGate][] = [];
  for (const [key, gate] of Object.entries(newer.gates)) {
    if (!stale(key)) continue;
    note(conflicts, `gates.${key}`, gate, older.gates[key]);
    renewed.push([key, gate]);
  }
  return Object.fromEntries([...Object.entries(gates), ...renewed]);
}

function mergePriority(
  base: Issue | null,
  { priority: kept }: Issue,
  { priority: other }: Issue,
  conflicts: MergeConflict[],
): Issue['priority'] {
  if (kept === other || other === base?.priority) return kept;
  if (kept === base?.priority) return other;
  const keptWins = PRIORITIES.indexOf(kept) < PRIORITIES.indexOf(other);
  const [winner, loser] = keptWins ? [kept, other] : [other, kept];
  note(conflicts, 'priority', winner, loser);
  return winner;
}

type ClaimGroup = Pick<Issue, 'attempt' | 'claim' | 'assignee' | 'state'>;

function claimGroup(issue: Issue): ClaimGroup {
  const { attempt, claim, assignee, state } = issue;
  return { attempt, claim, assignee, state };
}

function mergeClaim(
  base: Issue | null,
  kept: Issue,
  other: Issue,
  conflicts: MergeConflict[],
): ClaimGroup {
  const [ours, theirs] = [claimGroup(kept), claimGroup(other)];
  const was = base && claimGroup(base);
  if (sameValue(ours, theirs) || sameValue(theirs, was)) return ours;
  if (sameValue(ours, was)) return theirs;
  const oursWins = compareClaims(ours, theirs) >= 0;
  const [winner, loser] = oursWins ? [ours, theirs] : [theirs, ours];
  note(conflicts, 'claim', withoutHash(winner), withoutHash(loser));
  return winner;
}

/**
 * The larger attempt, then the state that is further on, then whoever claimed first: the same on both
 * sides of a merge, so that two clones that merge each other agree on the holder.
 */
function compareClaims(a: ClaimGroup, b: ClaimGroup): number {
  const since = ({ claim }: ClaimGroup) => claim?.since ?? '';
  const token = ({ claim }: ClaimGroup) => claim?.token_hash ?? '';
  return (
    a.attempt - b.attempt ||
    rank(a.state) - rank(b.state) ||
    byCodeUnit(since(b), since(a)) ||
    byCodeUnit(token(b), token(a))
  );
}

function rank(state: Issue['state']): number {
  return ['open', 'in_progress', 'gated', 'rejected', 'done', 'archived'].indexOf(state);
}

/** Token hashes stay out of events. */
function withoutHash(group: ClaimGroup): Record<string, unknown> {
  const { claim, ...rest } = group;
  return { ...rest, since: claim?.since ?? null };
}
