import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { look, onlyIn } from '../../daemon/looking/look.ts';
import { planTogether, readKnown } from '../../daemon/looking/plan-together.ts';
import { readAdmission } from '../../daemon/looking/read-admission.ts';
import type { Decision, OnDecision } from '../../planning/plan-cycle.ts';
import type { Workbench } from '../../workbench/workbench.ts';

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
  const { config } = workbench;
  const now = workbench.now();
  const looks = await Promise.all(
    workbench.sites.map(async (site) => {
      const { repository } = site;
      const ledger = await workbench.readLedger(site);
      const known = readKnown({ repository, ledger }, config, now);
      try {
        const { tracker } = await workbench.locateTracker(site);
        const view = { repository, tracker, ledger };
        return {
          known,
          sight: await look(view, { config, now, only: onlyIn(within, repository) }),
        };
      } catch (error) {
        if (!(error instanceof JitError) || workbench.sites.length === 1) throw error;
        return { known, error: { repository, code: error.code, message: error.message } };
      }
    }),
  );
  const sights = looks.flatMap(({ sight }) => sight ?? []);
  const known = looks.map((each) => each.known);
  const noRoom = await readAdmission(config.admission, join(config.folder, '.jit-dispatch'));
  const options = { config, now, known, noRoom, maxStarts };
  const { decisions } = planTogether(sights, { ...options, ...(onDecision && { onDecision }) });
  return {
    ready: sights.reduce((sum, { ready }) => sum + ready.length, 0),
    decisions,
    errors: looks.flatMap(({ error }) => error ?? []),
  };
}
