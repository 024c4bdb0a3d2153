import type { Run } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** Why the processes of a run are stopped. */
export type StopCause = 'shutdown' | 'taken_back' | 'orphaned' | 'overdue';

const noted = new WeakMap<Dispatcher, Set<string>>();

/** Journals that a run is about to be stopped, once per process and cause; whether it did so now. */
export function noteStopping(
  dispatcher: Dispatcher,
  { run }: Pick<Run, 'run'>,
  cause: StopCause,
): boolean {
  const known = noted.get(dispatcher) ?? new Set();
  noted.set(dispatcher, known);
  if (known.has(`${run} ${cause}`)) return false;
  const at = dispatcher.now().toISOString();
  dispatcher.ledger.record(run, { type: 'stopping', at, data: { cause } });
  known.add(`${run} ${cause}`);
  return true;
}
