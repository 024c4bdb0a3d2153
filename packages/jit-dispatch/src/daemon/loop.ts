import { JitError } from '@jit/contract/errors';
import { type CycleOptions, type CycleResult, runCycle } from './cycle.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Mailbox } from './mailbox.ts';
import { isUnstarted, noteStarted } from './reconcile.ts';
import { createDecisionReport } from './report-decisions.ts';
import type { Shutdown } from './shutdown.ts';

/** What a dispatcher did from its start to its stop. */
export interface LoopSummary {
  readonly cycles: number;
  readonly started: number;
  /** Runs that ended after their agent had started. */
  readonly settled: number;
  /** Runs whose agent could not be started. */
  readonly failed: number;
  /** Runs that are still live: their keepers go on, the next start takes them over. */
  readonly left: number;
}

const CHECK_MS = 1_000;
const RETRY_MS = 5_000;

/**
 * Cycles until it is told to stop: on word from the mailbox, when an issue has rested, and on the
 * poll interval. There is one loop and it waits for every cycle, so no two are ever under way.
 */
export async function runLoop(
  dispatcher: Dispatcher,
  mailbox: Mailbox,
  shutdown: Shutdown,
): Promise<LoopSummary> {
  const { ledger, host } = dispatcher;
  const report = createDecisionReport(dispatcher.log);
  const wakeTimes = new Set<number>();
  const begun = new Set<string>();
  const total = { cycles: 0, started: 0, settled: 0, failed: 0 };
  const stopAll = () => {
    for (const { run, state } of ledger.liveRuns()) if (state !== 'created') host.requestStop(run);
  };
  // A run that can't be settled now is not asked about more often than a failed cycle is repeated.
  const told = new Map<string, number>();
  const check = setInterval(() => {
    noteStarted(dispatcher);
    if (shutdown.phase === 'stopping') stopAll();
    const time = dispatcher.uptimeMs();
    for (const { run, state } of ledger.liveRuns()) {
      if (state === 'created' || !host.hasEnded(run)) continue;
      if (time - (told.get(run) ?? Number.NEGATIVE_INFINITY) < RETRY_MS) continue;
      told.set(run, time);
      mailbox.post('run-ended');
    }
  }, CHECK_MS);
  try {
    for (;;) {
      if (shutdown.phase === 'stopping') stopAll();
      const result = await tryCycle(dispatcher, {
        mayStart: () => shutdown.phase === 'running',
        maxStarts: null,
        onPlan: report,
      });
      total.cycles += 1;
      if (result !== null) {
        for (const { run } of result.started) begun.add(run);
        for (const { run, restsUntil } of result.settled) {
          if (isUnstarted(run.reason)) begun.delete(run.run);
          total[isUnstarted(run.reason) ? 'failed' : 'settled'] += 1;
          if (restsUntil !== null) wakeTimes.add(restsUntil.getTime());
        }
        if (result.wakeAt !== null) wakeTimes.add(result.wakeAt);
        total.started = begun.size;
      }
      const left = ledger.liveRuns().length;
      if (shutdown.phase !== 'running' && left === 0) return { ...total, left };
      if (shutdown.remainingMs() === 0) {
        if (shutdown.phase === 'stopping') return { ...total, left };
        shutdown.advance();
        continue;
      }
      await mailbox.next(pauseMs(dispatcher, shutdown, { wakeTimes, hasFailed: result === null }));
    }
  } finally {
    clearInterval(check);
  }
}

/** A cycle that may fail: what the tracker said is logged and kept for `status`. */
async function tryCycle(
  dispatcher: Dispatcher,
  options: CycleOptions,
): Promise<CycleResult | null> {
  const { ledger, log, now } = dispatcher;
  try {
    const result = await runCycle(dispatcher, options);
    ledger.setMeta('last_error', null);
    return result;
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    const { message, code } = error;
    const isNew = JSON.parse(ledger.getMeta('last_error') ?? '{}').message !== message;
    ledger.setMeta('last_error', JSON.stringify({ at: now().toISOString(), message }));
    if (isNew) log({ level: 'error', event: 'error', message, reason: code });
    return null;
  }
}

function pauseMs(
  { config, now, random }: Dispatcher,
  shutdown: Shutdown,
  { wakeTimes, hasFailed }: { wakeTimes: Set<number>; hasFailed: boolean },
): number {
  const time = now().getTime();
  for (const each of wakeTimes) if (each < time) wakeTimes.delete(each);
  // Dispatchers that were started together don't stay in step.
  const poll = config.pollIntervalSecs * 1000 * (0.9 + random() / 5);
  const rests = [...wakeTimes].map((each) => each - time + CHECK_MS / 4);
  const limits = [poll, shutdown.remainingMs() ?? poll, ...rests];
  return Math.min(...limits, hasFailed ? RETRY_MS : poll);
}
