import type { CycleOutput, RunOutput } from '@jit/contract/outputs/dispatch';
import { type OnceResult, runOnce } from '../../daemon/lifecycle/once.ts';
import { ledgerError } from '../../ledger/ledger-error.ts';
import type { Run } from '../../ledger/run.ts';
import { toDecisionOutput } from '../../views/to-decision-output.ts';
import { toRunOutput } from '../../views/to-run-output.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { openSites, sitesToOpen } from './open-sites.ts';

/** How far the cycle goes. */
export interface CycleOnceOptions {
  readonly maxStarts: number | null;
  readonly only: ReadonlySet<string> | null;
  /** The only repository in which something may be started, or null for all. */
  readonly within?: string | null;
  readonly lockTimeoutMs: number;
}

/** One cycle under the lock of this dispatcher. Errors: DISPATCHER_RUNNING (75), TRACKER_… (10). */
export async function cycleOnce(
  workbench: Workbench,
  { maxStarts, only, within = null, lockTimeoutMs }: CycleOnceOptions,
): Promise<CycleOutput> {
  const { takeInstanceLock } = await import('../../daemon/lifecycle/instance-lock.ts');
  workbench.makeFolder();
  const since = workbench.now().toISOString();
  const lock = await takeInstanceLock(workbench.folder, {
    command: 'once',
    since,
    timeoutMs: lockTimeoutMs,
  });
  try {
    const dispatchers = await openSites(
      workbench,
      { logFormat: null, onEnd: () => {} },
      sitesToOpen(workbench),
    );
    const { decisions, sites } = await runOnce(dispatchers, { maxStarts, only, within });
    // The only one: nothing else was done.
    const [first] = sites;
    if (sites.length === 1 && first?.failure) throw first.failure;
    return {
      dry_run: false,
      ready: sites.reduce((sum, { ready }) => sum + (ready ?? 0), 0),
      decisions: decisions.map((each) => toDecisionOutput(each)),
      started: sites.flatMap((site) => runsOf(site, site.started)),
      checking: sites.flatMap(checkedIn),
      settled: sites.flatMap((site) =>
        runsOf(
          site,
          site.settled.map(({ run }) => run),
        ),
      ),
      failed: sites.flatMap((site) => runsOf(site, site.failed)),
      lost: sites.flatMap(({ dispatcher, lost }) =>
        lost.map((each) => ({ repository: dispatcher.repository || null, ...each })),
      ),
      errors: sites.flatMap(({ dispatcher: { repository }, failure }) =>
        failure === null ? [] : [{ repository, code: failure.code, message: failure.message }],
      ),
    };
  } catch (error) {
    // A file system that refuses is no mistake in the program.
    throw ledgerError(workbench.folder, error);
  } finally {
    lock.release();
  }
}

type Site = OnceResult['sites'][number];

function runsOf({ dispatcher }: Site, runs: readonly Run[]): RunOutput[] {
  const { ledger, repository } = dispatcher;
  return runs.map((run) => toRunOutput(run, null, repository, ledger.pull(run.run)));
}

/** Runs whose exit gates are being run. None where the ledger fails: that is told as an error. */
function checkedIn(site: Site): RunOutput[] {
  const { ledger } = site.dispatcher;
  const live = site.failure === null ? ledger.liveRuns() : [];
  return runsOf(
    site,
    live.filter(({ state }) => state === 'idle'),
  );
}
