import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { type DecisionRecord, recordOf } from '../../planning/choosing/decision-record.ts';
import { toDecisionOutput } from '../../views/to-decision-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { askedSites } from '../finding/asked-sites.ts';
import { cycleOnce } from './cycle-once.ts';
import { planNow } from './plan-now.ts';
import { type Choices, withChoices } from './with-choices.ts';

/** How far one cycle goes. */
export interface AskedCycle extends Choices {
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
  given: Workbench,
  { dryRun, maxIssues, repository, lockTimeoutMs, ...choices }: AskedCycle,
): Promise<CycleOutput> {
  await askedSites(given, repository);
  const workbench = await withChoices(given, choices);
  const limits = { maxStarts: maxIssues, within: repository ?? null };
  if (!dryRun) return cycleOnce(workbench, { ...limits, only: null, lockTimeoutMs });
  const records = new Map<string, DecisionRecord>();
  const { ready, decisions, errors } = await planNow(workbench, {
    ...limits,
    onDecision: ({ issue }, { subject, slots }) =>
      records.set(issue.key, recordOf(subject, slots, null)),
  });
  return {
    dry_run: true,
    ready,
    decisions: decisions.map((each) => toDecisionOutput(each, records.get(each.issue.key))),
    started: [],
    checking: [],
    settled: [],
    failed: [],
    lost: [],
    errors: [...errors],
  };
}
