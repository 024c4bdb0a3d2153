import type { Run } from '../../ledger/run.ts';
import type { Failure, RunEnd } from '../../planning/settle.ts';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * What a run failed with whose agent was not started because what it should be given could not be
 * made; null for any other end.
 */
export function whyNotPrepared(
  { ledger }: Dispatcher,
  { run }: Pick<Run, 'run'>,
  { reason, message }: RunEnd,
): Failure | null {
  if (reason !== 'never_started') return null;
  for (const { data } of ledger.recordsOf(run, 'not_prepared')) {
    const { code } = (data ?? {}) as { code?: unknown };
    if (typeof code === 'string')
      return { failed: 'environment', state: 'failed', reason: code, detail: message };
  }
  return null;
}
