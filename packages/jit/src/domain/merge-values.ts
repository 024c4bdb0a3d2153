import type { MergeConflict } from './issue.ts';
import { byCodeUnit, toSet } from './issue.ts';

/** Notes that both sides had changed a field. */
export function note(
  conflicts: MergeConflict[],
  field: string,
  kept: unknown,
  other: unknown,
): void {
  // A value that one side took away is null: JSON has no other word for it.
  conflicts.push({ field, kept: kept ?? null, other: other ?? null });
}

/** The value of a field: that of the side that changed it; where both did, `kept`, and the other is noted. */
export function mergeValue<T>(
  field: string,
  base: T,
  kept: T,
  other: T,
  conflicts: MergeConflict[],
): T {
  if (sameValue(kept, other) || sameValue(other, base)) return kept;
  if (sameValue(kept, base)) return other;
  note(conflicts, field, kept, other);
  return kept;
}

/** The union of what both sides hold, without what either took away. */
export function mergeSets(
  base: readonly string[],
  kept: readonly string[],
  other: readonly string[],
): readonly string[] {
  const [inKept, inOther] = [new Set(kept), new Set(other)];
  const removed = new Set(base.filter((value) => !inKept.has(value) || !inOther.has(value)));
  return toSet([...kept, ...other].filter((value) => !removed.has(value)));
}

/** Merges maps key by key; a key is named `field.key` where both sides changed it. */
export function mergeMaps<T>(
  field: string,
  base: Readonly<Record<string, T>>,
  kept: Readonly<Record<string, T>>,
  other: Readonly<Record<string, T>>,
  conflicts: MergeConflict[],
): Readonly<Record<string, T>> {
  const keys = [...new Set([...Object.keys(kept), ...Object.keys(other)])].sort(byCodeUnit);
  const merged = keys.map((key) => [
    key,
    mergeValue<T | undefined>(
      `${field}.${key}`,
      own(base, key),
      own(kept, key),
      own(other, key),
      conflicts,
    ),
  ]);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

/** Conflicts that earlier merges left in the files: each is kept until a side has settled it. */
export function mergeConflictLists(
  base: readonly MergeConflict[],
  kept: readonly MergeConflict[],
  other: readonly MergeConflict[],
): readonly MergeConflict[] {
  const has = (list: readonly MergeConflict[], wanted: MergeConflict) =>
    list.some((each) => sameValue(each, wanted));
  const all = [...kept, ...other.filter((conflict) => !has(kept, conflict))];
  return all.filter(
    (conflict) => !has(base, conflict) || (has(kept, conflict) && has(other, conflict)),
  );
}

/** The value of a key, and nothing of what every object has. */
function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Deep equality of JSON values, with keys in any order. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keysA = Object.keys(a);
  if (keysA.length !== Object.keys(b).length) return false;
  const other = b as Record<string, unknown>; // both are plain objects or arrays here
  return Object.entries(a).every(
    ([key, value]) => Object.hasOwn(other, key) && sameValue(value, other[key]),
  );
}
