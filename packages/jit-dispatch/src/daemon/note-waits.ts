import { JitError } from '@jit/contract/errors';
import type { Decision } from '../planning/plan-cycle.ts';
import type { Dispatcher } from './dispatcher.ts';

/**
 * Keeps for `status` and `explain` what waits in this repository and why. It is only told: where it can't be
 * written, work goes on, and the next cycle writes it.
 */
export function noteWaits(
  { ledger, now }: Pick<Dispatcher, 'ledger' | 'now'>,
  decisions: readonly Decision[],
  { only, asked }: { readonly only: ReadonlySet<string> | null; readonly asked: number },
): void {
  const waits = decisions.flatMap((decision) => {
    if (decision.action !== 'wait') return [];
    const { issue, aged: priority, reason, detail } = decision;
    return [{ issue: issue.id, title: issue.title, priority, reason, detail }];
  });
  try {
    ledger.keepWaits(waits, now().toISOString(), only, only === null ? asked : null);
  } catch (error) {
    if (!(error instanceof JitError) || error.code === 'LEDGER_DAMAGED') throw error;
  }
}
