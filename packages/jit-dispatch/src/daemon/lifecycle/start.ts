import { JitError } from '@jit/contract/errors';
import { keepConfig } from '../../config-of-daemon.ts';
import { uptimeMs } from '../../keeper/clock.ts';
import { phaseOf } from '../../runners/phases.ts';
import { systemTimers } from '../../timers.ts';
import { openQuestions } from '../classifying/questions.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { hooksEnded } from '../escalation/run-hook.ts';
import { startHealthChecks } from '../health/health-checks.ts';
import { keepPulls } from '../pulls/keep-pulls.ts';
import { prune } from '../recovery/prune.ts';
import { sweep } from '../recovery/sweep.ts';
import { tidyWorkspaces } from '../recovery/tidy-workspaces.ts';
import { longestGraceSecs } from './longest-grace.ts';
import { type LoopSummary, type Mend, runLoop } from './loop.ts';
import { createMailbox } from './mailbox.ts';
import { startServices } from './services.ts';
import { createShutdown, type Phase } from './shutdown.ts';
import { watchConfig } from './watch-config.ts';
import { createWatches } from './watches.ts';

/** What a daemon needs from the edge of its process. */
export interface DaemonEdge {
  /** The folder of its own files. */
  readonly folder: string;
  /** Opens the dispatcher of each repository, at least one. */
  open(onEnd: () => void): Promise<readonly Dispatcher[]>;
  /** Opens one of them again: its ledger is damaged. */
  reopen(damaged: Dispatcher, onEnd: () => void): Promise<Dispatcher>;
  /** Told how the loop is spoken to, as soon as it can be. */
  onOpen(reins: Reins): void;
}

/** How a running dispatcher is spoken to from its own process. */
export interface Reins {
  /** Asks it to stop: the first time it waits for its agents, the second time it stops them. */
  interrupt(): void;
  /** How far a stop has got. */
  phase(): Phase;
  /** There is something to do: it looks now. */
  wake(): void;
}

/** From SIGTERM to the end of a keeper: the agent's grace, what it needs to drain, to settle. */
const STOP_MARGIN_MS = 15_000;

const HOUSEKEEPING_MS = 5 * 60_000;
const DAMAGE_PAUSE_MS = 60_000;

/**
 * Runs a dispatcher until it is stopped. Where a ledger turns out to be damaged, its repository is opened
 * again, which makes the ledger anew; its agents, and the other repositories, go on meanwhile.
 */
export async function runStart({ folder, open, reopen, onOpen }: DaemonEdge): Promise<LoopSummary> {
  const mailbox = createMailbox(systemTimers);
  const onEnd = () => mailbox.post('run-ended');
  const dispatchers = [...(await open(onEnd))];
  const [first] = dispatchers;
  if (first === undefined) throw new Error('a dispatcher without a repository');
  const { config } = first;
  const shutdown = createShutdown(
    {
      get drainMs() {
        return first.config.drainSecs * 1000;
      },
      get stopMs() {
        return Math.max(...dispatchers.map(longestGraceSecs)) * 1000 + STOP_MARGIN_MS;
      },
    },
    uptimeMs,
  );
  onOpen({
    interrupt() {
      shutdown.advance();
      for (const each of dispatchers) notePhase(each, shutdown.phase);
      sayStop(dispatchers, shutdown.phase);
      mailbox.post('stop');
    },
    phase: () => shutdown.phase,
    wake: () => mailbox.post('changed'),
  });
  const watches = createWatches(() => mailbox.post('changed'));
  await watches.keep(dispatchers);
  const configWatch = config.watch
    ? watchConfig(first.live, () => mailbox.post('changed'))
    : { close() {} };
  const services = startServices(folder, () =>
    dispatchers.map((dispatcher) => ({ repository: dispatcher.repository, dispatcher })),
  );
  const health = startHealthChecks(
    () => dispatchers,
    () => mailbox.post('changed'),
  );
  const questions = openQuestions(() => mailbox.post('changed'));
  const keep = keepConfig(folder, first.live);
  keep();
  const list = config.agents.map(({ id, capacity }) => `${id} (${capacity})`).join(', ');
  const message = `${first.name} dispatches to ${list}`;
  first.baseLog({ level: 'info', event: 'ready', message });
  const afterCycle = async (): Promise<void> => {
    keep();
    await watches.keep(dispatchers);
  };
  const mend = createMend(dispatchers, (damaged) => reopen(damaged, onEnd));
  try {
    return await keepHouse(dispatchers, () =>
      runLoop(dispatchers, mailbox, shutdown, { questions, mend, afterCycle }),
    );
  } finally {
    configWatch.close();
    await Promise.all([health.close(), questions.close()]);
    await watches.close();
    const { stopGraceSecs } = first.config;
    const hooks = dispatchers.map((each) => hooksEnded(each, stopGraceSecs * 1000));
    await Promise.all([services.close(), ...hooks]);
  }
}

/** Opens a damaged one again in its place, at most once a minute. */
function createMend(
  dispatchers: Dispatcher[],
  reopen: (damaged: Dispatcher) => Promise<Dispatcher>,
): Mend {
  const damagedAtMs = new Map<string, number>();
  return async (damaged, failure) => {
    const { repository, log } = damaged;
    const last = damagedAtMs.get(repository) ?? Number.NEGATIVE_INFINITY;
    if (uptimeMs() - last < DAMAGE_PAUSE_MS) {
      if (dispatchers.length === 1) throw failure;
      return false;
    }
    damagedAtMs.set(repository, uptimeMs());
    log({ level: 'error', event: 'error', message: failure.message, reason: failure.code });
    const opened = await reopen(damaged).catch((error: unknown) => {
      if (!(error instanceof JitError) || dispatchers.length === 1) throw error;
      return null;
    });
    if (opened === null) return false;
    dispatchers.splice(dispatchers.indexOf(damaged), 1, opened);
    return true;
  };
}

/** Beside the loop, from its beginning: what no cycle should wait for. */
async function keepHouse<T>(
  dispatchers: readonly Dispatcher[],
  loop: () => Promise<T>,
): Promise<T> {
  let work: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  const clean = () => {
    for (const each of dispatchers)
      work = work.then(() => sweep(each)).then(() => prune(each, () => isOpen));
  };
  clean();
  const cancel = systemTimers.every(HOUSEKEEPING_MS, clean);
  const tidier = tidyWorkspaces(dispatchers);
  const pulls = keepPulls(dispatchers);
  try {
    return await loop();
  } finally {
    isOpen = false;
    cancel();
    await Promise.all([work, tidier.end(), pulls.end()]);
  }
}

/** For `status`, which asks the ledger. */
function notePhase({ ledger }: Dispatcher, phase: Phase): void {
  try {
    ledger.setMeta('phase', JSON.stringify({ pid: process.pid, phase }));
  } catch {
    // The stop does not depend on it.
  }
}

function sayStop(dispatchers: readonly Dispatcher[], phase: Phase): void {
  let running = 'its runs are not known';
  try {
    // Runs that are only claimed are given back, and what has ended runs no more.
    const counts = dispatchers.map(
      ({ ledger, host }) =>
        ledger.liveRuns().filter((run) => run.state !== 'created' && !host.hasEnded(phaseOf(run)))
          .length,
    );
    running = `${counts.reduce((sum, count) => sum + count, 0)} running`;
  } catch {
    // The stop does not depend on it.
  }
  const message =
    phase === 'draining'
      ? `draining, ${running}; signal again to stop them`
      : `stopping, ${running}`;
  dispatchers[0]?.baseLog({ level: 'info', event: 'stop', message });
}
