import type { Run } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** Why the processes of a run are stopped. */
export type StopCause =
  | 'shutdown'
  | 'taken_back'
  | 'orphaned'
  | 'overdue'
  | 'deaf'
  | 'ordered'
  /** Its issue went to another agent, and its work elsewhere is taken back. */
  | 'passed_on';

/** What was noted by this process, and at which uptime. */
const noted = new WeakMap<Dispatcher, Map<string, Map<StopCause, number>>>();

/** Journals that a run is about to be stopped, once per process and cause; whether it did so now. */
export function noteStopping(
  dispatcher: Dispatcher,
  { run }: Pick<Run, 'run'>,
  cause: StopCause,
): boolean {
  const known = noted.get(dispatcher) ?? new Map<string, Map<StopCause, number>>();
  noted.set(dispatcher, known);
  const causes = known.get(run) ?? new Map<StopCause, number>();
  known.set(run, causes);
  if (causes.has(cause)) return false;
  const at = dispatcher.now().toISOString();
  dispatcher.ledger.record(run, { type: 'stopping', at, data: { cause } });
  causes.set(cause, dispatcher.uptimeMs());
  return true;
}

/** The uptime at which this process first noted that the run is stopped, or null if it did not. */
export function stoppingSince(dispatcher: Dispatcher, run: string): number | null {
  const causes = noted.get(dispatcher)?.get(run);
  return causes === undefined || causes.size === 0 ? null : Math.min(...causes.values());
}

/** Forgets what was noted of a run that has ended. */
export function forgetStopping(dispatcher: Dispatcher, run: string): void {
  noted.get(dispatcher)?.delete(run);
}
