import { phaseOf } from '../../runners/phases.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** The longest time, in seconds, that a keeper may take to stop its agent: each has the grace it was started with. */
export function longestGraceSecs({ ledger, host, config }: Dispatcher): number {
  try {
    const graces = ledger.liveRuns().map((run) => host.spec(phaseOf(run))?.stop_grace_secs ?? 0);
    return Math.max(config.stopGraceSecs, ...graces);
  } catch {
    // A stop does not depend on the ledger.
    return config.stopGraceSecs;
  }
}
