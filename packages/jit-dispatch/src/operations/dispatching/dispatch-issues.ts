import { JitError } from '@jit/contract/errors';
import type { DispatchedOutput } from '@jit/contract/outputs/dispatch';
import type { Workbench } from '../../workbench/workbench.ts';
import { daemonOf } from '../lifecycle/daemon-of.ts';
import { admitIssues } from './admit-issues.ts';

/** Which issues are to be worked on. */
export interface AskedDispatch {
  /** Ids or unique beginnings, of several repositories also as `repository/id`. */
  readonly issues: readonly string[];
  readonly repository: string | undefined;
  /** How long another command of this name is waited for, in milliseconds. */
  readonly lockTimeoutMs: number;
}

/**
 * Has issues worked on by a person's word: all are admitted, or none. A running dispatcher does the rest;
 * else one cycle is run that starts these only.
 * @throws JitError INVALID_REQUEST (3, 4), ALREADY_DISPATCHED (6), usage (2), TRACKER_… (10), DISPATCHER_RUNNING (75)
 */
export async function dispatchIssues(
  workbench: Workbench,
  { issues: refs, repository, lockTimeoutMs }: AskedDispatch,
): Promise<DispatchedOutput> {
  const issues = await admitIssues(workbench, [...new Set(refs)], repository);
  const daemon = daemonOf(workbench);
  if (daemon !== null) return { issues, left_to: daemon, cycle: null };
  try {
    const { cycleOnce } = await import('./cycle-once.ts');
    const only = new Set(issues);
    const cycle = await cycleOnce(workbench, { maxStarts: null, only, lockTimeoutMs });
    return { issues, left_to: null, cycle };
  } catch (error) {
    // One that was started in this moment has them too.
    const other = isRunning(error) ? daemonOf(workbench) : null;
    if (other === null) throw error;
    return { issues, left_to: other, cycle: null };
  }
}

function isRunning(error: unknown): boolean {
  return error instanceof JitError && error.code === 'DISPATCHER_RUNNING';
}
