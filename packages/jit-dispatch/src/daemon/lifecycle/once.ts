import { delay } from '../../keeper/clock.ts';
import type { Run } from '../../ledger/run.ts';
import { type CycleOptions, type CycleResult, runCycle } from '../cycle.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { hooksEnded } from '../escalation/run-hook.ts';
import { prune } from '../recovery/prune.ts';
import { sweep } from '../recovery/sweep.ts';
import { sweepWorkspaces } from '../recovery/sweep-workspaces.ts';
import { settleRuns } from '../settling/settle-runs.ts';
import { noteStalls } from '../watching/note-stalls.ts';
import { isUnstarted, reconcile } from '../watching/reconcile.ts';

/** One cycle on its own, and which of its runs could not be started. */
export interface OnceResult extends CycleResult {
  readonly failed: readonly Run[];
}

const START_WAIT_MS = 5_000;
const POLL_MS = 20;

/**
 * One cycle. Waits until every keeper has said whether its agent started, so that a command that
 * does not exist is told at once and its claim goes back; the agents themselves are not waited for.
 */
export async function runOnce(
  dispatcher: Dispatcher,
  options: Pick<CycleOptions, 'maxStarts' | 'only'>,
): Promise<OnceResult> {
  // Beside the cycle, which waits for neither.
  const housework = Promise.all([
    sweep(dispatcher).then(() => prune(dispatcher)),
    sweepWorkspaces(dispatcher, { isFull: true }),
  ]);
  try {
    return await cycleAndReport(dispatcher, options);
  } finally {
    await housework;
    await hooksEnded(dispatcher);
  }
}

async function cycleAndReport(
  dispatcher: Dispatcher,
  options: Pick<CycleOptions, 'maxStarts' | 'only'>,
): Promise<OnceResult> {
  const result = await runCycle(dispatcher, { mayStart: () => true, ...options });
  noteStalls(dispatcher);
  await allReported(dispatcher, result.started);
  const begun = new Set(result.started.map(({ run }) => run));
  const { finished } = await reconcile(dispatcher);
  const unstarted = finished.filter(
    ({ run, end }) => begun.has(run.run) && isUnstarted(end.reason),
  );
  const settled = await settleRuns(dispatcher, unstarted, () => true);
  const failed = settled.map(({ run }) => run);
  const started = result.started.flatMap(({ run }) =>
    failed.some((each) => each.run === run) ? [] : (dispatcher.ledger.find(run) ?? []),
  );
  return { ...result, started, failed };
}

async function allReported(dispatcher: Dispatcher, runs: readonly Run[]): Promise<void> {
  const { host, uptimeMs } = dispatcher;
  const deadline = uptimeMs() + START_WAIT_MS;
  const isSilent = ({ run }: Run): boolean => {
    const { agent, exit, keeper, isKeeperAlive } = host.look(run);
    return agent === null && exit === null && (keeper === null || isKeeperAlive);
  };
  while (uptimeMs() < deadline && runs.some(isSilent)) await delay(POLL_MS);
}
