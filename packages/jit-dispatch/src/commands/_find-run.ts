import { JitError } from '@jit/contract/errors';
import { MIN_PREFIX } from '@jit/contract/ids';
import type { DispatchContext } from '../context.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Run } from '../ledger/run.ts';
import type { Site } from '../sites.ts';

/** A run, and the site whose ledger has it. */
export interface FoundRun {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly run: Run;
}

const SHOWN = 5;

/**
 * The run that was typed, looked for in the ledger of every site: its id, or a beginning of at least 4
 * characters that no other one has; null if none has it.
 * @throws JitError `AMBIGUOUS_ID` (exit 4)
 */
export async function findRun(
  { readLedger }: Pick<DispatchContext, 'readLedger'>,
  sites: readonly Site[],
  typed: string,
): Promise<FoundRun | null> {
  const found: FoundRun[] = [];
  for (const site of sites) {
    const ledger = await readLedger(site);
    if (ledger === null) continue;
    const whole = ledger.find(typed);
    if (whole !== null) return { site, ledger, run: whole };
    if (typed.length < MIN_PREFIX) continue;
    for (const run of ledger.runs({}))
      if (run.run.startsWith(typed)) found.push({ site, ledger, run });
  }
  const [only, ...others] = found;
  if (only === undefined || others.length === 0) return only ?? null;
  const candidates = found.map(({ run }) => run.run);
  const more = candidates.length > SHOWN ? ', …' : '';
  throw new JitError('invalid', 'AMBIGUOUS_ID', `"${typed}" begins ${candidates.length} runs`, {
    hint: `give more of it: ${candidates.slice(0, SHOWN).join(', ')}${more}`,
    details: { ref: typed, candidates },
  });
}

/** For a run that nobody has. */
export function noSuchRun(typed: string, name: string): JitError {
  return new JitError('not_found', 'RUN_NOT_FOUND', `dispatcher ${name} has no run ${typed}`, {
    hint: `jit-dispatch runs --all shows the runs; ${MIN_PREFIX} characters of an id are needed`,
    details: { ref: typed },
  });
}
