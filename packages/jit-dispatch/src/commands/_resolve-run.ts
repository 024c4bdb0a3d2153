import { JitError } from '@jit/contract/errors';
import { MIN_PREFIX } from '@jit/contract/ids';
import type { DispatchContext } from '../context.ts';
import type { Run } from '../ledger/run.ts';

const SHOWN = 5;

/**
 * The run that was typed: its id, or a beginning of at least 4 characters that no other one has.
 * @throws JitError `RUN_NOT_FOUND` (exit 3), `AMBIGUOUS_ID` (exit 4)
 */
export async function resolveRun(
  { readLedger, name }: Pick<DispatchContext, 'readLedger' | 'name'>,
  typed: string,
): Promise<Run> {
  const ledger = await readLedger();
  const whole = ledger?.find(typed);
  if (whole) return whole;
  const all = typed.length < MIN_PREFIX ? [] : (ledger?.runs({}) ?? []);
  const [run, ...others] = all.filter((each) => each.run.startsWith(typed));
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
