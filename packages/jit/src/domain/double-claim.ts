import type { MergeConflict } from './issue.ts';

/** A claim as a conflict tells it. */
interface ClaimSide {
  readonly assignee: string;
  readonly attempt: number;
}

/** Two claims on one issue that a merge brought together: who holds it now, and whose claim ended. */
export interface DoubleClaim {
  readonly holder: ClaimSide;
  readonly loser: ClaimSide;
}

/** The double claim that a conflict tells of, or null if it is about something else. */
export function doubleClaimOf({ field, kept, other }: MergeConflict): DoubleClaim | null {
  if (field !== 'claim') return null;
  const [holder, loser] = [claimSide(kept), claimSide(other)];
  return holder === null || loser === null ? null : { holder, loser };
}

/** Says it in words, for people. */
export function doubleClaimInWords(id: string, { holder, loser }: DoubleClaim): string {
  return `a merge brought two claims on ${id}: ${holder.assignee} (attempt ${holder.attempt}) keeps it, ${loser.assignee} (attempt ${loser.attempt}) has lost it`;
}

/** Null where nobody had taken the issue on that side. */
function claimSide(value: unknown): ClaimSide | null {
  if (typeof value !== 'object' || value === null) return null;
  const { state, assignee, attempt } = value as Record<string, unknown>; // looked at field by field
  const taken = state !== 'open' && state !== 'rejected';
  return taken && typeof assignee === 'string' && typeof attempt === 'number'
    ? { assignee, attempt }
    : null;
}
