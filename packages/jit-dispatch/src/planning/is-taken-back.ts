import type { ShownState } from '@jit/contract/vocabulary';

/** What the tracker shows of the issue of a run whose agent does not hold it any more. */
export interface ShownIssue {
  readonly state: ShownState;
  readonly attempt: number;
  /** Why its last claim ended, where it has none now. */
  readonly lastClaimReason: string | null;
}

/**
 * Whether an issue was taken from its running agent: given to another, rejected or released. Work that
 * the agent has finished itself was not, nor was an issue whose lease merely ended: its keeper sees to that.
 * @param isChecked its exit gates are being run: then it is gated, and was given back if nobody claims it
 */
export function isTakenBack(issue: ShownIssue, attempt: number | null, isChecked = false): boolean {
  if (issue.attempt !== attempt || issue.state === 'rejected') return true;
  if (issue.state === 'gated' && isChecked)
    return issue.lastClaimReason !== null && issue.lastClaimReason !== 'expired';
  if (issue.state !== 'ready' && issue.state !== 'open') return false;
  return issue.lastClaimReason !== 'expired';
}
