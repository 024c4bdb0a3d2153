import { JitError } from '@jit/contract/errors';
import { MIN_PREFIX } from '@jit/contract/ids';
import type { Run } from '../../ledger/run.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';

const SHOWN = 5;

/** A run, and the repository it is of. */
export interface SiteRun extends Run {
  readonly site: Site;
}

/**
 * The run that was typed: its id, or a beginning of at least 4 characters that no other one has.
 * @throws JitError `RUN_NOT_FOUND` (exit 3), `AMBIGUOUS_ID` (exit 4)
 */
export async function resolveRun(
  { sites, readLedger, name }: Pick<Workbench, 'sites' | 'readLedger' | 'name'>,
  typed: string,
): Promise<SiteRun> {
  const ledgers = await Promise.all(
    sites.map(async (site) => ({ site, ledger: await readLedger(site) })),
  );
  for (const { site, ledger } of ledgers) {
    const whole = ledger?.find(typed);
    if (whole) return { ...whole, site };
  }
  const all = ledgers.flatMap(({ site, ledger }) => {
    const runs = typed.length < MIN_PREFIX ? [] : (ledger?.runs({}) ?? []);
    return runs.filter(({ run }) => run.startsWith(typed)).map((run) => ({ ...run, site }));
  });
  const [run, ...others] = all;
  if (run === undefined)
    throw new JitError('not_found', 'RUN_NOT_FOUND', `dispatcher ${name} has no run ${typed}`, {
      hint: `jit-dispatch runs --all shows the runs; ${MIN_PREFIX} characters of an id are needed`,
      details: { ref: typed },
    });
  if (others.length === 0) return run;
  const candidates = [run, ...others].map((each) => each.run);
  const more = candidates.length > SHOWN ? ', …' : '';
  throw new JitError('invalid', 'AMBIGUOUS_ID', `"${typed}" begins ${candidates.length} runs`, {
    hint: `give more of it: ${candidates.slice(0, SHOWN).join(', ')}${more}`,
    details: { ref: typed, candidates },
  });
}
