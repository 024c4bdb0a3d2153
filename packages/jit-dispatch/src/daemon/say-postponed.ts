import type { Run } from '../ledger/run.ts';
import type { Dispatcher } from './dispatcher.ts';

/** What was last said about postponed runs. */
const said = new WeakMap<Dispatcher, Map<string, string>>();

/** Logs why a run has to wait: the same words are not repeated in every cycle. */
export function sayPostponed(
  dispatcher: Dispatcher,
  { run, issue, agent }: Run,
  message: string,
): void {
  const words = said.get(dispatcher) ?? new Map<string, string>();
  said.set(dispatcher, words);
  if (words.get(run) === message) return;
  words.set(run, message);
  dispatcher.log({ level: 'warn', event: 'postponed', message, issue, agent, run });
}

/** It waits no more. */
export function forgetPostponed(dispatcher: Dispatcher, { run }: Pick<Run, 'run'>): void {
  said.get(dispatcher)?.delete(run);
}
