import type { JitError } from '@jit/contract/errors';
import type { Run } from '../../ledger/run.ts';
import { openQuestions, type Questions } from '../classifying/questions.ts';
import { type CycleResult, runCycle } from '../cycle.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { withPulse } from '../pulse.ts';
import { createDecisionReport } from '../report-decisions.ts';
import { isParked } from '../settling/settle-runs.ts';
import { allOver } from '../site-cycle.ts';
import { isUnstarted } from '../watching/reconcile.ts';
import { createFailures } from './failures.ts';
import type { Mailbox } from './mailbox.ts';
import { createRunWatch, orWhatFailed, stopRuns } from './run-watch.ts';
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
/** So long one repository keeps the others waiting. */
const PATIENCE_MS = 5_000;

/**
 * Opens a dispatcher whose ledger is damaged again, in its place in the list, which makes its ledger anew.
 * False if that was done only just now and does not help; throws where nothing else could go on.
 */
export type Mend = (damaged: Dispatcher, failure: JitError) => Promise<boolean>;

/** What is done beside the cycles. */
export interface LoopEdge {
  /** How a program is asked who work is for: beside the cycles. */
  readonly questions: Questions;
  readonly mend: Mend;
  readonly afterCycle: (dispatchers: readonly Dispatcher[]) => Promise<void>;
}

const NOTHING_BESIDE: LoopEdge = {
  questions: openQuestions(() => {}),
  mend: async (_, failure) => {
    throw failure;
  },
  afterCycle: async () => {},
};

/**
 * Cycles until it is told to stop: on word from the mailbox, when an issue has rested, and on the
 * poll interval. There is one loop over all repositories and it waits for every cycle, so no two are
 * ever under way.
 * @param dispatchers at least one; read anew for each cycle, so that `mend` can replace one
 */
export async function runLoop(
  dispatchers: readonly Dispatcher[],
  mailbox: Mailbox,
  shutdown: Shutdown,
  { questions, mend, afterCycle }: LoopEdge = NOTHING_BESIDE,
): Promise<LoopSummary> {
  const [first] = dispatchers;
  if (first === undefined) throw new Error('a loop without a repository');
  const report = createDecisionReport(first.baseLog);
  const counts = createCounts();
  const eachSite = (act: (dispatcher: Dispatcher) => void) => {
    for (const each of dispatchers) orWhatFailed(each, () => act(each));
  };
  const watches = new Map(
    dispatchers.map((each) => [
      each.repository,
      createRunWatch(each, () => mailbox.post('run-ended'), RETRY_MS),
    ]),
  );
  // The cycle meets the same failure, and says so.
  const stopChecking = first.timers.every(CHECK_MS, () =>
    eachSite((each) => watches.get(each.repository)?.(each, shutdown.phase === 'stopping')),
  );
  const failures = createFailures({
    uptimeMs: first.uptimeMs,
    retryMs: RETRY_MS,
    pollMs: () => first.config.pollIntervalSecs * 1000,
  });
  try {
    for (;;) {
      if (shutdown.phase === 'stopping') eachSite(stopRuns);
      const result = await withPulse(dispatchers, () =>
        runCycle(dispatchers, {
          mayStart: () => shutdown.phase === 'running',
          maxStarts: null,
          questions,
          onPlan: (decisions) => report(decisions, failures.failed),
          // Whoever stops wants every run settled that can be.
          patience:
            dispatchers.length === 1
              ? null
              : { ms: PATIENCE_MS, onEnd: () => mailbox.post('changed') },
          away: shutdown.phase === 'running' ? failures.away() : new Map(),
        }),
      );
      counts.take(result);
      if (await mendAll(result, mend)) continue;
      failures.note(result);
      await afterCycle(dispatchers);
      const left = countLive(dispatchers, () => true);
      const atWork = countLive(dispatchers, (run, its) => !isParked(its, run));
      if (shutdown.phase !== 'running' && atWork === 0) return counts.summary(left);
      if (shutdown.remainingMs() === 0) {
        if (shutdown.phase === 'stopping') return counts.summary(left);
        shutdown.advance();
        continue;
      }
      const again = failures.remainingMs();
      await mailbox.next(pauseMs(first, shutdown, { wakeTimes: counts.wakeTimes, again }));
    }
  } finally {
    stopChecking();
    await allOver(dispatchers);
  }
}

/** Mends what is damaged; true if something was. */
async function mendAll({ sites }: CycleResult, mend: Mend): Promise<boolean> {
  let isMended = false;
  for (const { dispatcher, failure } of sites)
    if (failure?.code === 'LEDGER_DAMAGED' && (await mend(dispatcher, failure))) isMended = true;
  return isMended;
}

/** What was done so far, and when issues and agents have rested. */
interface Counts {
  readonly wakeTimes: Set<number>;
  take(result: CycleResult): void;
  summary(left: number): LoopSummary;
}

function createCounts(): Counts {
  const wakeTimes = new Set<number>();
  /** Runs begun here that have not ended yet. */
  const begun = new Set<string>();
  const total = { cycles: 0, started: 0, settled: 0, failed: 0 };
  return {
    wakeTimes,
    take({ sites, wakeAt }) {
      total.cycles += 1;
      if (wakeAt !== null) wakeTimes.add(wakeAt);
      for (const { run } of sites.flatMap(({ started }) => started)) begun.add(run);
      for (const { run, restsUntil } of sites.flatMap(({ settled }) => settled)) {
        const wasBegun = begun.delete(run.run);
        if (wasBegun && !isUnstarted(run.reason)) total.started += 1;
        total[isUnstarted(run.reason) ? 'failed' : 'settled'] += 1;
        if (restsUntil !== null) wakeTimes.add(restsUntil.getTime());
      }
    },
    summary: (left) => ({ ...total, started: total.started + begun.size, left }),
  };
}

/** Live runs; one at least where nobody knows, so that a stop waits. */
function countLive(
  dispatchers: readonly Dispatcher[],
  counts: (run: Run, its: Dispatcher) => boolean,
): number {
  return dispatchers.reduce((sum, its) => {
    let count = 1;
    orWhatFailed(its, () => {
      count = its.ledger.liveRuns().filter((run) => counts(run, its)).length;
    });
    return sum + count;
  }, 0);
}

function pauseMs(
  { config, now, random }: Dispatcher,
  shutdown: Shutdown,
  { wakeTimes, again }: { wakeTimes: Set<number>; again: number | null },
): number {
  const time = now().getTime();
  for (const each of wakeTimes) if (each < time) wakeTimes.delete(each);
  // Dispatchers that were started together don't stay in step.
  const poll = config.pollIntervalSecs * 1000 * (0.9 + random() / 5);
  const rests = [...wakeTimes].map((each) => each - time + CHECK_MS / 4);
  return Math.min(poll, shutdown.remainingMs() ?? poll, again ?? poll, ...rests);
}
