import type { Gate } from './gate.ts';
import type { MergeConflict } from './issue.ts';
import { mergeConflictLists, mergeMaps, mergeValue } from './merge-values.ts';

/** The outcome of a three-way merge of one gate definition. */
export interface MergedGate {
  /** `conflicts` of it are those that earlier merges left. */
  readonly gate: Gate;
  readonly conflicts: readonly MergeConflict[];
}

/**
 * Merges two versions of a definition field by field, as issues are. Mode and checker go as one: a
 * command is never put together from two sides.
 */
export function mergeGates(base: Gate | null, kept: Gate, other: Gate): MergedGate {
  const conflicts: MergeConflict[] = [];
  const text = (field: 'title' | 'description') =>
    mergeValue(field, base?.[field] ?? '', kept[field], other[field], conflicts);
  const gate: Gate = {
    key: kept.key,
    title: text('title'),
    description: text('description'),
    stage: mergeValue('stage', base?.stage, kept.stage, other.stage, conflicts) ?? kept.stage,
    ...(mergeValue('checker', base && check(base), check(kept), check(other), conflicts) ??
      check(kept)),
    extra: mergeMaps('extra', base?.extra ?? {}, kept.extra, other.extra, conflicts),
    conflicts: mergeConflictLists(
      base?.conflicts ?? [],
      kept.conflicts ?? [],
      other.conflicts ?? [],
    ),
  };
  return { gate, conflicts };
}

function check({ mode, checker }: Gate): Pick<Gate, 'mode' | 'checker'> {
  return { mode, checker };
}
