import type { Run } from '../../ledger/run.ts';
import { phaseOf } from '../../runners/phases.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { noteStopping, stoppingSince } from './note-stopping.ts';

/** What a keeper may need beyond the grace of its agent: it drains, settles its lease and records. */
const MARGIN_MS = 15_000;

/**
 * Kills a keeper that was asked to stop its agent and does nothing, because it is frozen: its lease
 * ends, and the agent must not outlive that. The agent is then stopped as one without a keeper.
 */
export function endDeafKeeper(dispatcher: Dispatcher, run: Run): void {
  const { config, host, log, uptimeMs } = dispatcher;
  const since = stoppingSince(dispatcher, run.run);
  if (since === null) return;
  const graceSecs = host.spec(phaseOf(run))?.stop_grace_secs ?? config.stopGraceSecs;
  if (uptimeMs() - since < graceSecs * 1000 + MARGIN_MS) return;
  noteStopping(dispatcher, run, 'deaf');
  host.requestStop(phaseOf(run), 'SIGKILL');
  const { issue, agent } = run;
  const message = 'its keeper did not stop the agent when it was asked to: the keeper was killed';
  log({ level: 'warn', event: 'stop', message, issue, agent, run: run.run, reason: 'deaf' });
}
