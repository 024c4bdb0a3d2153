import type { Run, RunChange } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * Journals what is about to be done to settle a run, once: a tracker that is away is asked again every
 * few seconds, perhaps for days, and the ledger must not grow with it.
 */
export function noteSettling(
  { ledger, now }: Dispatcher,
  { run }: Pick<Run, 'run'>,
  step: { readonly do: string },
  change?: RunChange,
): void {
  const word = wordOf(step);
  if (ledger.recordsOf(run, 'settling').some(({ data }) => wordOf(data) === word)) return;
  ledger.record(run, { type: 'settling', at: now().toISOString(), data: step }, change);
}

/** How long it rests is drawn anew in each cycle. */
function wordOf(step: unknown): string {
  return JSON.stringify({ ...(step as object), deferSecs: undefined });
}
