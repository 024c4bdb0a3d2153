import { JitError } from '@jit/contract/errors';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { look, onlyIn, type Sight } from '../../daemon/looking/look.ts';
import { type Known, readKnown } from '../../daemon/looking/plan-together.ts';
import type { Workbench } from '../../workbench/workbench.ts';

/** What is seen in all repositories. */
export interface Seen {
  readonly known: readonly Known[];
  /** Of those that could be asked. */
  readonly sights: readonly Sight[];
  /** Repositories among several that could not be asked. */
  readonly errors: CycleOutput['errors'];
}

/**
 * Looks at all repositories as a cycle does, and changes nothing.
 * @param within the only repository that issues are started in, or null for all
 * @throws JitError TRACKER_… (10), where there is only one repository
 */
export async function lookEverywhere(
  workbench: Workbench,
  within: string | null = null,
): Promise<Seen> {
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
        const only = onlyIn(within, repository);
        return { known, sight: await look(view, { config, now, only }) };
      } catch (error) {
        if (!(error instanceof JitError) || workbench.sites.length === 1) throw error;
        return { known, error: { repository, code: error.code, message: error.message } };
      }
    }),
  );
  return {
    known: looks.map(({ known }) => known),
    sights: looks.flatMap(({ sight }) => sight ?? []),
    errors: looks.flatMap(({ error }) => error ?? []),
  };
}
