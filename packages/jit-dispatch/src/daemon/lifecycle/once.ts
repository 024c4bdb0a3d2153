import { delay } from '../../keeper/clock.ts';
import type { Run } from '../../ledger/run.ts';
import { asFailure } from '../as-failure.ts';
import { openQuestions } from '../classifying/questions.ts';
import { type CycleOptions, type CycleResult, runCycle } from '../cycle.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { hooksEnded } from '../escalation/run-hook.ts';
import { checkHealthOnce } from '../health/health-checks.ts';
import { keepPullsOnce } from '../pulls/keep-pulls.ts';
import { prune } from '../recovery/prune.ts';
import { sweep } from '../recovery/sweep.ts';
import { sweepWorkspaces } from '../recovery/sweep-workspaces.ts';
import { settleRuns } from '../settling/settle-runs.ts';
import type { SiteResult } from '../site-cycle.ts';
import { noteStalls } from '../watching/note-stalls.ts';
import { isUnstarted, reconcile } from '../watching/reconcile.ts';

/** One cycle on its own, and which of its runs could not be started. */
export interface OnceResult extends CycleResult {
  readonly sites: readonly (SiteResult & { readonly failed: readonly Run[] })[];
}

const START_WAIT_MS = 5_000;
const POLL_MS = 20;

/**
 * One cycle. Waits until every keeper has said whether its agent started, so that a command that
 * does not exist is told at once and its claim goes back; the agents themselves are not waited for.
 */
export async function runOnce(
  dispatchers: readonly Dispatcher[],
  options: Pick<CycleOptions, 'maxStarts' | 'only' | 'within'>,
): Promise<OnceResult> {
  const questions = openQuestions(null);
  await checkHealthOnce(dispatchers);
  // Beside the cycle, which waits for neither.
  const housework = Promise.all(
    dispatchers.map((each) =>
      Promise.all([sweep(each).then(() => prune(each)), sweepWorkspaces(each, { isFull: true })]),
    ),
  );
  try {
    const result = await runCycle(dispatchers, { mayStart: () => true, questions, ...options });
    const sites = await Promise.all(result.sites.map(reportStarts));
    await keepPullsOnce(dispatchers);
    return { ...result, sites };
  } finally {
    await questions.close();
    await housework;
    await Promise.all(dispatchers.map((each) => hooksEnded(each)));
  }
}

/** What a cycle did in one repository, once the keepers have said whether their agents started. */
async function reportStarts(site: SiteResult): Promise<OnceResult['sites'][number]> {
  const { dispatcher } = site;
  try {
    noteStalls(dispatcher);
    await allReported(dispatcher, site.started);
    const begun = new Set(site.started.map(({ run }) => run));
    const { finished } = await reconcile(dispatcher);
    const unstarted = finished.filter(
      ({ run, end }) => begun.has(run.run) && isUnstarted(end.reason),
    );
    const settled = await settleRuns(dispatcher, unstarted, () => true);
    const failed = settled.map(({ run }) => run);
    const started = site.started.flatMap(({ run }) =>
      failed.some((each) => each.run === run) ? [] : (dispatcher.ledger.find(run) ?? []),
    );
    return { ...site, started, failed };
  } catch (error) {
    const failure = site.failure ?? asFailure(dispatcher, error);
    return { ...site, failed: [], failure };
  }
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
