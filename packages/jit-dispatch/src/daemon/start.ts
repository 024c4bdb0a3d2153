import { uptimeMs } from '../keeper/clock.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type LoopSummary, runLoop } from './loop.ts';
import { createMailbox } from './mailbox.ts';
import { hooksEnded } from './run-hook.ts';
import { createShutdown } from './shutdown.ts';
import { watchTracker } from './watch.ts';

/** What a daemon needs from the edge of its process. */
export interface DaemonEdge {
  open(onEnd: () => void): Promise<Dispatcher>;
  onInterrupt(listener: () => void): void;
}

/** From SIGTERM to the end of a keeper: the agent's grace, what it needs to drain, to settle. */
const STOP_MARGIN_MS = 15_000;

/** Runs a dispatcher until it is stopped. */
export async function runStart({ open, onInterrupt }: DaemonEdge): Promise<LoopSummary> {
  const mailbox = createMailbox();
  const dispatcher = await open(() => mailbox.post('run-ended'));
  const { config, ledger, log, name, place, host } = dispatcher;
  const shutdown = createShutdown(
    { drainMs: config.drainSecs * 1000, stopMs: config.stopGraceSecs * 1000 + STOP_MARGIN_MS },
    uptimeMs,
  );
  onInterrupt(() => {
    shutdown.advance();
    // Runs that are only claimed are given back, and what has ended runs no more.
    const live = ledger.liveRuns();
    const count = live.filter(
      ({ run, state }) => state !== 'created' && !host.hasEnded(run),
    ).length;
    const running = `${count} running`;
    const message =
      shutdown.phase === 'draining'
        ? `draining, ${running}; signal again to stop them`
        : `stopping, ${running}`;
    log({ level: 'info', event: 'stop', message });
    mailbox.post('stop');
  });
  const watch =
    config.watch && place.jitDir !== null
      ? await watchTracker(
          place.jitDir,
          () => mailbox.post('changed'),
          (error) => log({ level: 'warn', event: 'watch', message: `polling only: ${error}` }),
        )
      : null;
  const agents = config.agents.map(({ id, capacity }) => `${id} (${capacity})`).join(', ');
  log({ level: 'info', event: 'ready', message: `${name} dispatches to ${agents}` });
  try {
    return await runLoop(dispatcher, mailbox, shutdown);
  } finally {
    await watch?.close();
    await hooksEnded(dispatcher, config.stopGraceSecs * 1000);
  }
}
