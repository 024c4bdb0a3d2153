import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import type { DispatchContext } from '../context.ts';
import { runOnce } from '../daemon/lifecycle/once.ts';
import { ledgerError } from '../ledger/ledger-error.ts';
import { toDecisionOutput } from '../views/to-decision-output.ts';
import { toRunOutput } from '../views/to-run-output.ts';

/** How far the cycle goes. */
export interface CycleOnceOptions {
  readonly maxStarts: number | null;
  readonly only: ReadonlySet<string> | null;
  readonly lockTimeoutMs: number;
}

/** One cycle under the lock of this dispatcher. Errors: DISPATCHER_RUNNING (75), TRACKER_… (10). */
export async function cycleOnce(
  context: DispatchContext,
  { maxStarts, only, lockTimeoutMs }: CycleOnceOptions,
): Promise<CycleOutput> {
  const { takeInstanceLock } = await import('../daemon/lifecycle/instance-lock.ts');
  context.makeFolder();
  const since = context.now().toISOString();
  const lock = await takeInstanceLock(context.folder, {
    command: 'once',
    since,
    timeoutMs: lockTimeoutMs,
  });
  try {
    const dispatcher = await context.openDispatcher({ logFormat: null, onEnd: () => {} });
    const result = await runOnce(dispatcher, { maxStarts, only });
    return {
      dry_run: false,
      ready: result.ready ?? 0,
      decisions: result.decisions.map(toDecisionOutput),
      started: result.started.map((run) => toRunOutput(run)),
      checking: dispatcher.ledger
        .liveRuns()
        .filter(({ state }) => state === 'idle')
        .map((run) => toRunOutput(run)),
      settled: result.settled.map(({ run }) => toRunOutput(run)),
      failed: result.failed.map((run) => toRunOutput(run)),
      lost: [...result.lost],
    };
  } catch (error) {
    // A file system that refuses is no mistake in the program.
    throw ledgerError(context.folder, error);
  } finally {
    lock.release();
  }
}
