import { JitError } from '@jit/contract/errors';
import { ledgerError } from '../../ledger/ledger-error.ts';
import type { Run } from '../../ledger/run.ts';
import { phaseOf } from '../../runners/phases.ts';
import { type CycleOptions, type CycleResult, runCycle } from '../cycle.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { createOrderLook } from '../orders/look-for-orders.ts';
import { createDecisionReport } from '../report-decisions.ts';
import { isParked } from '../settling/settle-runs.ts';
import { noteStalls } from '../watching/note-stalls.ts';
import { noteStopping } from '../watching/note-stopping.ts';
import { isUnstarted, noteStarted } from '../watching/reconcile.ts';
import type { Mailbox } from './mailbox.ts';
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
  /** Runs begun here that have not ended yet. */
  const begun = new Set<string>();
  const total = { cycles: 0, started: 0, settled: 0, failed: 0 };
  const summary = (left: number): LoopSummary => ({
    ...total,
    started: total.started + begun.size,
    left,
  });
  const stopAll = () => {
    for (const run of ledger.liveRuns()) {
      if (run.state === 'created') continue;
      // A ledger that can't be written stops no stop: it starts nothing, and the keeper records it.
      orWhatFailed(dispatcher, () => noteStopping(dispatcher, run, 'shutdown'));
      // Nor does one run that can't be given up on a full disk stop the stop of the others.
      orWhatFailed(dispatcher, () => host.requestStop(phaseOf(run)));
    }
  };
  const lookForOrders = createOrderLook(dispatcher, mailbox);
  // A run that can't be settled now is not asked about more often than a failed cycle is repeated.
  const told = new Map<string, number>();
  const look = () => {
    noteStarted(dispatcher);
    noteStalls(dispatcher);
    lookForOrders();
    if (shutdown.phase === 'stopping') stopAll();
    const time = dispatcher.uptimeMs();
    const live = ledger.liveRuns();
    const phases = new Set(live.map(phaseOf));
    for (const phase of told.keys()) if (!phases.has(phase)) told.delete(phase);
    for (const run of live) {
      const phase = phaseOf(run);
      if (run.state === 'created' || !host.hasEnded(phase)) continue;
      if (time - (told.get(phase) ?? Number.NEGATIVE_INFINITY) < RETRY_MS) continue;
      told.set(phase, time);
      mailbox.post('run-ended');
    }
  };
  // The cycle meets the same failure, and says so.
  const stopChecking = dispatcher.timers.every(CHECK_MS, () => orWhatFailed(dispatcher, look));
  const say = createErrorReport(dispatcher);
  let hasFailed = false;
  try {
    for (;;) {
      if (shutdown.phase === 'stopping') orWhatFailed(dispatcher, stopAll);
      const result = await tryCycle(dispatcher, say, {
        mayStart: () => shutdown.phase === 'running',
        maxStarts: null,
        onPlan: (decisions) => report(decisions, hasFailed),
      });
      hasFailed = result === null;
      total.cycles += 1;
      if (result !== null) {
        for (const { run } of result.started) begun.add(run);
        for (const { run, restsUntil } of result.settled) {
          const wasBegun = begun.delete(run.run);
          if (wasBegun && !isUnstarted(run.reason)) total.started += 1;
          total[isUnstarted(run.reason) ? 'failed' : 'settled'] += 1;
          if (restsUntil !== null) wakeTimes.add(restsUntil.getTime());
        }
        if (result.wakeAt !== null) wakeTimes.add(result.wakeAt);
      }
      const left = countLive(dispatcher, () => true);
      const isAtWork = (run: Run) => !isParked(dispatcher, run);
      if (shutdown.phase !== 'running' && countLive(dispatcher, isAtWork) === 0)
        return summary(left);
      if (shutdown.remainingMs() === 0) {
        if (shutdown.phase === 'stopping') return summary(left);
        shutdown.advance();
        continue;
      }
      await mailbox.next(pauseMs(dispatcher, shutdown, { wakeTimes, hasFailed }));
    }
  } finally {
    stopChecking();
  }
}

/**
 * A cycle that may fail: what the tracker, the ledger or the disk said is told. Only a damaged ledger
 * ends the loop: whoever opens it again makes it anew.
 */
async function tryCycle(
  dispatcher: Dispatcher,
  say: (failure: JitError | null) => void,
  options: CycleOptions,
): Promise<CycleResult | null> {
  try {
    const result = await runCycle(dispatcher, options);
    say(null);
    return result;
  } catch (error) {
    const failure = asFailure(dispatcher, error);
    if (failure.code === 'LEDGER_DAMAGED') throw failure;
    say(failure);
    return null;
  }
}

/** A refusal of tracker, ledger or file system; a mistake in the program is thrown on. */
function asFailure({ host }: Dispatcher, error: unknown): JitError {
  const failure = ledgerError(host.folder('.'), error);
  if (failure instanceof JitError) return failure;
  throw failure;
}

function orWhatFailed(dispatcher: Dispatcher, act: () => void): JitError | null {
  try {
    act();
    return null;
  } catch (error) {
    return asFailure(dispatcher, error);
  }
}

/** Live runs; one at least where nobody knows, so that a stop waits. */
function countLive(dispatcher: Dispatcher, counts: (run: Run) => boolean): number {
  let count = 1;
  const failure = orWhatFailed(dispatcher, () => {
    count = dispatcher.ledger.liveRuns().filter(counts).length;
  });
  if (failure?.code === 'LEDGER_DAMAGED') throw failure;
  return count;
}

/** Logs a failure when it is new, and keeps it for `status` where the ledger can be written. */
function createErrorReport(dispatcher: Dispatcher): (failure: JitError | null) => void {
  const { ledger, log, now } = dispatcher;
  let last: string | null = null;
  return (failure) => {
    const word = failure && wordOf(failure);
    const isNew = word !== last;
    last = word;
    const text = failure && JSON.stringify({ at: now().toISOString(), message: failure.message });
    orWhatFailed(dispatcher, () => ledger.setMeta('last_error', text));
    if (failure !== null && isNew)
      log({ level: 'error', event: 'error', message: failure.message, reason: failure.code });
  };
}

/** A tracker that is away refuses every call in other words, and is one thing to say. */
function wordOf({ code, message, details }: JitError): string {
  return `${code} ${details.tracker_code ?? message}`;
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
