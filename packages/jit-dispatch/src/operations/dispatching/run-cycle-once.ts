import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { toDecisionOutput } from '../../views/to-decision-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { cycleOnce } from './cycle-once.ts';
import { planNow } from './plan-now.ts';

/** How far one cycle goes. */
export interface AskedCycle {
  /** Look and plan only: nothing is written or started. */
  readonly dryRun: boolean;
  /** Starts at most so many issues; null: as many as there is room for. */
  readonly maxIssues: number | null;
  /** Starts something only in this one of several repositories. */
  readonly repository: string | undefined;
  /** How long another command of this name is waited for, in milliseconds. */
  readonly lockTimeoutMs: number;
}

/**
 * One cycle, or with `dryRun` only its plan. Agents that it starts go on.
 * @throws JitError DISPATCHER_RUNNING (75), TRACKER_… (10), usage (2)
 */
export async function runCycleOnce(
  workbench: Workbench,
  { dryRun, maxIssues, repository, lockTimeoutMs }: AskedCycle,
): Promise<CycleOutput> {
  await askedSites(workbench, repository);
  const limits = { maxStarts: maxIssues, within: repository ?? null };
  if (!dryRun) return cycleOnce(workbench, { ...limits, only: null, lockTimeoutMs });
  const { ready, decisions, errors } = await planNow(workbench, limits);
  return {
    dry_run: true,
    ready,
    decisions: decisions.map(toDecisionOutput),
    started: [],
    checking: [],
    settled: [],
    failed: [],
    lost: [],
    errors: [...errors],
  };
}
