import type { DrainedOutput } from '@jit/contract/outputs/control';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import type { Run } from '../../ledger/run.ts';
import { toRunOutput } from '../../views/to-run-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { daemonOf } from '../lifecycle/daemon-of.ts';
import { whoAmI } from '../orders/who-am-i.ts';
import { siteLedger } from '../site-ledger.ts';
import { holdsIn } from './scope.ts';

const POLL_MS = 100;

/** Why it is drained, and how long is waited; without a limit as long as it takes. */
export interface AskedDrain {
  readonly reason?: string | undefined;
  readonly timeoutSecs?: number | undefined;
}

/** Pauses everything and waits until nothing runs, or until nobody is there who settles what ends. */
export async function drainWork(
  workbench: Workbench,
  { reason = 'drain', timeoutSecs }: AskedDrain,
): Promise<DrainedOutput> {
  const since = workbench.now().toISOString();
  const who = whoAmI(workbench.setup.environment);
  const ledgers = [];
  for (const site of workbench.sites) {
    const ledger = await siteLedger(workbench, site);
    ledger.hold({ scope: '*', reason, who, since, until: null });
    ledgers.push(ledger);
  }
  const deadline =
    timeoutSecs === undefined ? Number.POSITIVE_INFINITY : uptimeMs() + timeoutSecs * 1000;
  let live: Run[] = [];
  for (;;) {
    live = ledgers.flatMap((each) => each.liveRuns());
    if (live.length === 0 || uptimeMs() >= deadline || daemonOf(workbench) === null) break;
    await delay(POLL_MS);
  }
  const { holds } = holdsIn(ledgers, workbench.now().toISOString());
  return { drained: live.length === 0, holds, runs: live.map((run) => toRunOutput(run)) };
}
