import { usageError } from '@jit/contract/errors';
import { expressionOption, readFilter } from '../../cli/read-filter.ts';
import { conditionNotMet } from '../../domain/errors.ts';
import { matches } from '../../domain/filter/matches.ts';
import { printFilter } from '../../domain/filter/print-filter.ts';
import type { ReadTx } from '../../store/store.ts';

/** The option that makes a change depend on what the issue is at that moment. */
export const onlyIfOption = {
  'only-if': {
    ...expressionOption,
    describe: 'change nothing unless the issue fits this filter then',
  },
} as const;

/**
 * Understands `--only-if`: gives the check to make inside the write, before anything is changed.
 * @throws JitError usage, also beside --filter; the check throws CONDITION_NOT_MET (6)
 */
export async function readOnlyIf({
  onlyIf,
  filter,
}: {
  readonly onlyIf: string | undefined;
  readonly filter: string | undefined;
}): Promise<(tx: ReadTx, id: string) => void> {
  if (onlyIf !== undefined && filter !== undefined) {
    throw usageError('--only-if goes with an id: with --filter, put the condition into that');
  }
  const expression = await readFilter(onlyIf);
  if (expression === null) return () => {};
  return (tx, id) => {
    if (!matches(expression, tx.mustHave(id), tx)) {
      throw conditionNotMet(id, printFilter(expression));
    }
  };
}
