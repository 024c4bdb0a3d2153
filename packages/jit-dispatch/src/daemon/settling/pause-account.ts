import type { Run } from '../../ledger/run.ts';
import { pauseSecs } from '../../planning/rate-limit.ts';
import { rulesOf } from '../../runners/agent-rules.ts';
import type { Dispatcher } from '../dispatcher.ts';

/**
 * A provider asked for patience: its account rests, before anybody can be told that the issue is free.
 * The rest counts from the end of the agent; it is journalled once for a run, however often the
 * tracker has to be asked.
 */
export function pauseAccount(
  dispatcher: Dispatcher,
  run: Run,
  { output, reason }: { readonly output: string; readonly reason: string },
): void {
  const { config, host, ledger } = dispatcher;
  if (ledger.recordsOf(run.run, 'account_paused').length > 0) return;
  const now = dispatcher.now();
  const { account } = rulesOf(host.folder(run.run), run.agent, config.agents);
  const endedAtMs = Date.parse(host.look(run.run).exit?.ended_at ?? now.toISOString());
  const defaultSecs = config.rateLimit.pauseSecs;
  const secs = pauseSecs(output, { endedAtMs, defaultSecs, random: dispatcher.random() });
  const until = new Date(endedAtMs + secs * 1000).toISOString();
  ledger.pauseAccount({ account, until, reason }, { run: run.run, at: now.toISOString() });
  const message = `account ${account} rests until ${until}: ${reason}`;
  dispatcher.log({ level: 'warn', event: 'paused', message, agent: run.agent, run: run.run });
}
