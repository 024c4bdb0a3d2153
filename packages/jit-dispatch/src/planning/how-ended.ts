import { ESCALATED_LABEL, HELD_LABEL } from '@jit/contract/vocabulary';

/** What ends a wait for an issue: it is finished, or no dispatcher starts it before a person says so. */
export type IssueEnd = 'done' | 'rejected' | 'archived' | 'escalated' | 'held';

/** How an issue ended, as it is now; null: it may still be worked on. */
export function howEnded({
  state,
  labels,
}: {
  readonly state: string;
  readonly labels: readonly string[];
}): IssueEnd | null {
  if (state === 'done' || state === 'rejected' || state === 'archived') return state;
  // A label does not end work that is under way.
  if (state === 'in_progress') return null;
  if (labels.includes(ESCALATED_LABEL)) return 'escalated';
  return labels.includes(HELD_LABEL) ? 'held' : null;
}
