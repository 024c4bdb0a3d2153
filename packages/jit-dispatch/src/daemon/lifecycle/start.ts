import { JitError } from '@jit/contract/errors';
import { uptimeMs } from '../../keeper/clock.ts';
import { phaseOf } from '../../runners/phases.ts';
import { systemTimers } from '../../timers.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { hooksEnded } from '../escalation/run-hook.ts';
import { prune } from '../recovery/prune.ts';
import { sweep } from '../recovery/sweep.ts';
import { tidyWorkspaces } from '../recovery/tidy-workspaces.ts';
import { type LoopSummary, runLoop } from './loop.ts';
import { createMailbox } from './mailbox.ts';
import { createShutdown, type Phase } from './shutdown.ts';
import { watchTracker } from './watch.ts';

/** What a daemon needs from the edge of its process. */
export interface DaemonEdge {
  open(onEnd: () => void): Promise<Dispatcher>;
  onInterrupt(listener: () => void): void;
}

/** From SIGTERM to the end of a keeper: the agent's grace, what it needs to drain, to settle. */
const STOP_MARGIN_MS = 15_000;

const HOUSEKEEPING_MS = 5 * 60_000;
const DAMAGE_PAUSE_MS = 60_000;

/**
 * Runs a dispatcher until it is stopped. One whose ledger turns out to be damaged is opened again,
 * which makes the ledger anew; its agents go on meanwhile.
 */
export async function runStart({ open, onInterrupt }: DaemonEdge): Promise<LoopSummary> {
  const mailbox = createMailbox(systemTimers);
  let current = await open(() => mailbox.post('run-ended'));
  const { config } = current;
  const shutdown = createShutdown(
    { drainMs: config.drainSecs * 1000, stopMs: config.stopGraceSecs * 1000 + STOP_MARGIN_MS },
    uptimeMs,
  );
  onInterrupt(() => {
    shutdown.advance();
    sayStop(current, shutdown.phase);
    mailbox.post('stop');
  });
  const { watch: isWatching, agents } = config;
  const { jitDir } = current.place;
  const watch =
    isWatching && jitDir !== null
      ? await watchTracker(
          jitDir,
          () => mailbox.post('changed'),
          (error) =>
            current.log({ level: 'warn', event: 'watch', message: `polling only: ${error}` }),
        )
      : null;
  const list = agents.map(({ id, capacity }) => `${id} (${capacity})`).join(', ');
  current.log({ level: 'info', event: 'ready', message: `${current.name} dispatches to ${list}` });
  try {
    let damagedAtMs = Number.NEGATIVE_INFINITY;
    for (;;) {
      try {
        return await keepHouse(current, () => runLoop(current, mailbox, shutdown));
      } catch (error) {
        const isDamage = error instanceof JitError && error.code === 'LEDGER_DAMAGED';
        if (!isDamage || uptimeMs() - damagedAtMs < DAMAGE_PAUSE_MS) throw error;
        damagedAtMs = uptimeMs();
        current.log({ level: 'error', event: 'error', message: error.message, reason: error.code });
        current = await open(() => mailbox.post('run-ended'));
      }
    }
  } finally {
    await watch?.close();
    await hooksEnded(current, config.stopGraceSecs * 1000);
  }
}

/** Beside the loop, from its beginning: what no cycle should wait for. */
async function keepHouse<T>(dispatcher: Dispatcher, loop: () => Promise<T>): Promise<T> {
  let work: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  const clean = () => {
    work = work.then(() => sweep(dispatcher)).then(() => prune(dispatcher, () => isOpen));
  };
  clean();
  const cancel = dispatcher.timers.every(HOUSEKEEPING_MS, clean);
  const tidier = tidyWorkspaces(dispatcher);
  try {
    return await loop();
  } finally {
    isOpen = false;
    cancel();
    await Promise.all([work, tidier.end()]);
  }
}

function sayStop({ ledger, host, log }: Dispatcher, phase: Phase): void {
  let running = 'its runs are not known';
  try {
    // Runs that are only claimed are given back, and what has ended runs no more.
    const live = ledger.liveRuns();
    running = `${live.filter((run) => run.state !== 'created' && !host.hasEnded(phaseOf(run))).length} running`;
  } catch {
    // The stop does not depend on it.
  }
  const message =
    phase === 'draining'
      ? `draining, ${running}; signal again to stop them`
      : `stopping, ${running}`;
  log({ level: 'info', event: 'stop', message });
}
