import type { StoredState } from '@jit/contract/vocabulary';
import { isStoredState, isUnfinished } from '../../domain/issue.ts';
import type { IndexDb } from '../index/index-db.ts';
import type { LayerIssue } from './layer.ts';

/** How many finished issues carry each label, by state, without reading them. */
export type LabelCounts = ReadonlyMap<string, ReadonlyMap<StoredState, number>>;

/** Counts the labels of finished issues in the index, with what the layers say laid over it. */
export function finishedLabels(
  index: IndexDb | null,
  layered: ReadonlyMap<string, LayerIssue | null>,
): LabelCounts {
  const counts = new Map<string, Map<StoredState, number>>();
  const add = (label: string, state: string, count: number) => {
    if (!isStoredState(state)) return;
    const states = counts.get(label) ?? new Map<StoredState, number>();
    counts.set(label, states);
    states.set(state, (states.get(state) ?? 0) + count);
  };
  for (const { label, state, count } of index?.finishedLabels(null) ?? []) add(label, state, count);
  for (const [name, value] of layered) {
    for (const { label, state } of index?.finishedLabels(name) ?? []) add(label, state, -1);
    const issue = value?.issue;
    if (!issue || isUnfinished(issue)) continue;
    for (const label of issue.labels) add(label, issue.state, 1);
  }
  return counts;
}
