import type { JitError } from '@jit/contract/errors';
import { phaseOf } from '../../runners/phases.ts';
import { asFailure } from '../as-failure.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { createOrderLook } from '../orders/look-for-orders.ts';
import { noteStalls } from '../watching/note-stalls.ts';
import { noteStopping } from '../watching/note-stopping.ts';
import { noteStarted } from '../watching/reconcile.ts';

/** What failed in a step that may fail, or null. A mistake in the program is thrown on. */
export function orWhatFailed(dispatcher: Dispatcher, act: () => void): JitError | null {
  try {
    act();
    return null;
  } catch (error) {
    return asFailure(dispatcher, error);
  }
}

/** Asks every live run of a dispatcher to stop. */
export function stopRuns(dispatcher: Dispatcher): void {
  const { ledger, host } = dispatcher;
  for (const run of ledger.liveRuns()) {
    if (run.state === 'created') continue;
    // A ledger that can't be written stops no stop: it starts nothing, and the keeper records it.
    orWhatFailed(dispatcher, () => noteStopping(dispatcher, run, 'shutdown'));
    // Nor does one run that can't be given up on a full disk stop the stop of the others.
    orWhatFailed(dispatcher, () => host.requestStop(phaseOf(run)));
  }
}

/** Looks at the runs of a dispatcher, `first` or one that took its place, between cycles, and tells when one has ended, an order was given or a pause began or ended. */
export function createRunWatch(
  first: Dispatcher,
  onNews: () => void,
  retryMs: number,
): (dispatcher: Dispatcher, isStopping: boolean) => void {
  const lookForOrders = createOrderLook(onNews, retryMs);
  // A run that can't be settled now is not asked about more often than a failed cycle is repeated.
  const told = new Map<string, number>();
  const haveHoldsChanged = createHoldLook(first);
  return (dispatcher, isStopping) => {
    const { ledger, host } = dispatcher;
    noteStarted(dispatcher);
    noteStalls(dispatcher);
    lookForOrders(dispatcher);
    if (haveHoldsChanged(dispatcher)) onNews();
    if (isStopping) stopRuns(dispatcher);
    const time = dispatcher.uptimeMs();
    const live = ledger.liveRuns();
    const phases = new Set(live.map(phaseOf));
    for (const phase of told.keys()) if (!phases.has(phase)) told.delete(phase);
    for (const run of live) {
      const phase = phaseOf(run);
      if (run.state === 'created' || !host.hasEnded(phase)) continue;
      if (time - (told.get(phase) ?? Number.NEGATIVE_INFINITY) < retryMs) continue;
      told.set(phase, time);
      onNews();
    }
  };
}

/**
 * Tells whether other things are paused than at the last look, at first than now: a pause that ends, also by
 * itself, is a reason to start something.
 */
function createHoldLook(first: Dispatcher): (dispatcher: Dispatcher) => boolean {
  const scopesIn = ({ ledger, now }: Dispatcher) =>
    ledger
      .holds(now().toISOString())
      .map(({ scope }) => scope)
      .join();
  let last: string | null = null;
  orWhatFailed(first, () => {
    last = scopesIn(first);
  });
  return (dispatcher) => {
    const scopes = scopesIn(dispatcher);
    const hasChanged = scopes !== last;
    last = scopes;
    if (hasChanged) sayHolds(dispatcher, scopes);
    return hasChanged;
  };
}

function sayHolds({ log }: Dispatcher, scopes: string): void {
  const what = scopes.split(',').map((scope) => (scope === '*' ? 'everything' : scope));
  const message = scopes === '' ? 'nothing is paused any more' : `paused: ${what.join(', ')}`;
  log({ level: 'info', event: scopes === '' ? 'resumed' : 'paused', message });
}
