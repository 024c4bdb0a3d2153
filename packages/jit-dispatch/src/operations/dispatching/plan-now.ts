import { join } from 'node:path';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { planTogether } from '../../daemon/looking/plan-together.ts';
import { readAdmission } from '../../daemon/looking/read-admission.ts';
import type { Decision, OnDecision } from '../../planning/plan-cycle.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { lookEverywhere, type Seen } from './look-everywhere.ts';

/** What the next cycle would decide. */
export interface PlanNow {
  /** Ready issues of all repositories that could be asked. */
  readonly ready: number;
  readonly decisions: readonly Decision[];
  /** Repositories among several that could not be asked. */
  readonly errors: CycleOutput['errors'];
}

/** How far is looked. */
export interface PlanNowOptions {
  readonly maxStarts: number | null;
  /** The only repository that issues are started in, or null for all. */
  readonly within: string | null;
  readonly onDecision?: OnDecision;
}

/**
 * Looks and plans as the next cycle would, and changes nothing.
 * @throws JitError TRACKER_… (10), where there is only one repository
 */
export async function planNow(
  workbench: Workbench,
  { maxStarts, within, onDecision }: PlanNowOptions,
): Promise<PlanNow> {
  const seen = await lookEverywhere(workbench, within);
  const decisions = await planSeen(workbench, seen, {
    maxStarts,
    ...(onDecision && { onDecision }),
  });
  const ready = seen.sights.reduce((sum, sight) => sum + sight.ready.length, 0);
  return { ready, decisions, errors: seen.errors };
}

/** The plan that is made from what was seen. */
export async function planSeen(
  { config, now }: Workbench,
  { known, sights }: Pick<Seen, 'known' | 'sights'>,
  more: Pick<PlanNowOptions, 'maxStarts' | 'onDecision'>,
): Promise<readonly Decision[]> {
  const noRoom = await readAdmission(config.admission, join(config.folder, '.jit-dispatch'));
  return planTogether(sights, { config, now: now(), known, noRoom, ...more }).decisions;
}
