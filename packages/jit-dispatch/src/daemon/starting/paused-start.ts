import type { Run } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * Whether a person's pause keeps a run from being started, by the ledger as it is now: it may have been
 * given since the plan was made.
 */
export function isPaused(
  { ledger, repository, now }: Pick<Dispatcher, 'ledger' | 'repository' | 'now'>,
  { agent }: Pick<Run, 'agent'>,
): boolean {
  const scopes = ['*', `repository:${repository}`, `agent:${agent}`];
  return ledger.holds(now().toISOString()).some(({ scope }) => scopes.includes(scope));
}
