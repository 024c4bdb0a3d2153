import type { Dispatcher } from './dispatcher.ts';

/** What each ledger was last told. */
const written = new WeakMap<Dispatcher, string | null>();

/**
 * Takes up what changed in the configuration, says so, and keeps for `status` why the file is not in
 * effect as it is (`config_error` in the ledger). Before each plan: within a cycle nothing changes.
 */
export async function reloadConfig(dispatcher: Dispatcher): Promise<void> {
  const { live, baseLog, ledger, now } = dispatcher;
  for (const { level, reason, message } of await live.refresh())
    baseLog({ level, event: 'config', message, reason });
  const refusal = live.refusal();
  if (written.get(dispatcher) === refusal) return;
  const text = refusal && JSON.stringify({ at: now().toISOString(), message: refusal });
  ledger.setMeta('config_error', text);
  written.set(dispatcher, refusal);
}
