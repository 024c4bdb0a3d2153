import type { HoldsOutput } from '@jit/contract/outputs/control';
import type { Workbench } from '../../workbench/workbench.ts';
import { type AskedScope, holdsIn, scopeOf } from './scope.ts';

/** Which pause is ended. */
export interface AskedResume extends AskedScope {
  /** Every pause. */
  readonly all?: boolean | undefined;
}

/** Ends what was paused with the same words, or everything. Errors: as `pauseWork`; a pause of an agent that is gone ends, too. */
export async function resumeWork(
  workbench: Workbench,
  { all = false, ...asked }: AskedResume,
): Promise<HoldsOutput> {
  const { scope, sites } = await scopeOf(workbench, asked, true);
  const now = workbench.now().toISOString();
  const ledgers = [];
  let changed = false;
  for (const site of sites) {
    const ledger = await workbench.readLedger(site);
    if (ledger === null) continue;
    ledgers.push(ledger);
    const scopes = all ? ledger.holds(now).map((each) => each.scope) : [scope];
    // One that is over by itself was no pause any more, and goes without a word.
    const lasting = new Set(ledger.holds(now).map((each) => each.scope));
    for (const each of scopes) {
      const wasThere = ledger.endHold(each);
      changed ||= wasThere && lasting.has(each);
    }
  }
  return { changed, scope: all ? 'all' : scope, ...holdsIn(ledgers, now) };
}
