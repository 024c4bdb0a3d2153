import type { LabelStatusOutput, StatusOutput } from '@jit/contract/outputs/repository';
import type { Priority, ShownState } from '@jit/contract/vocabulary';
import { byCodeUnit } from '../domain/issue.ts';
import { shownState } from '../domain/readiness.ts';
import type { ReadTx } from '../store/store.ts';

/** Counts over the whole tracker; files that can't be used are named and counted nowhere. */
export function toStatus(tx: ReadTx, dir: string): StatusOutput {
  const by_state: Record<ShownState, number> = {
    ready: 0,
    open: 0,
    in_progress: 0,
    gated: 0,
    done: 0,
    rejected: 0,
    archived: 0,
  };
  const unfinished_by_priority: Record<Priority, number> = {
    critical: 0,
    high: 0,
    normal: 0,
    low: 0,
  };
  let claims = 0;
  for (const issue of tx.unfinished()) {
    by_state[shownState(issue, tx)] += 1;
    unfinished_by_priority[issue.priority] += 1;
    if (tx.holding(issue.id).kind === 'held') claims += 1;
  }
  for (const [state, count] of tx.finishedCounts()) by_state[state] += count;
  return {
    dir,
    total: Object.values(by_state).reduce((sum, count) => sum + count, 0),
    by_state,
    unfinished_by_priority,
    claims,
    by_label: toLabelStatus(tx),
    unreadable: tx.unreadable().map(({ path }) => `.jit/${path}`),
  };
}

/** How far the work under each label is. Finished issues are counted by the index, not read. */
function toLabelStatus(tx: ReadTx): LabelStatusOutput[] {
  const rows = new Map<string, LabelStatusOutput>();
  const count = (label: string, state: ShownState, more: number) => {
    let row = rows.get(label);
    if (row === undefined) {
      const none = { ready: 0, open: 0, in_progress: 0, gated: 0 };
      row = { label, total: 0, finished: 0, percent: 0, ...none };
      rows.set(label, row);
    }
    row.total += more;
    if (state === 'done' || state === 'rejected' || state === 'archived') row.finished += more;
    else row[state] += more;
  };
  for (const issue of tx.unfinished()) {
    const state = shownState(issue, tx);
    for (const label of issue.labels) count(label, state, 1);
  }
  for (const [label, states] of tx.finishedLabels()) {
    for (const [state, more] of states) count(label, state, more);
  }
  return [...rows.values()]
    .filter(({ total }) => total > 0)
    .map((row) => ({ ...row, percent: Math.floor((100 * row.finished) / row.total) }))
    .sort((a, b) => byCodeUnit(a.label, b.label));
}
