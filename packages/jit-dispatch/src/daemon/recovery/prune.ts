import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listRunFolders } from '../../run-rows.ts';
import type { Dispatcher } from '../dispatcher.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Folders of one call; the rest has time. */
const MOST = 500;

/**
 * Removes folders and records of runs that ended more than `history_days` ago, at most once an
 * hour; their rows stay as summaries. What programs said of issues that long ago is forgotten, too. Gives the number of folders removed; a failure is logged,
 * not thrown. `mayGoOn` is asked before each folder.
 */
export async function prune(
  dispatcher: Dispatcher,
  mayGoOn: () => boolean = () => true,
): Promise<number> {
  const { ledger, host, log, now, config } = dispatcher;
  const time = now().getTime();
  try {
    const last = Date.parse(ledger.getMeta('pruned_at') ?? '');
    if (Math.abs(time - last) < HOUR_MS) return 0;
    const before = new Date(time - config.historyDays * DAY_MS).toISOString();
    const root = host.folder('.');
    const old = ledger.endedBefore(listRunFolders(root), before);
    let removed = 0;
    // One after the other, in the background: a cycle comes first.
    for (const run of old.slice(0, MOST)) {
      if (!mayGoOn()) return removed;
      await rm(join(root, run), { recursive: true, force: true });
      removed += 1;
    }
    ledger.prune(before);
    const days = Math.max(config.historyDays, 1);
    ledger.forgetClassifications(new Date(time - days * DAY_MS).toISOString());
    if (removed === old.length) ledger.setMeta('pruned_at', now().toISOString());
    return removed;
  } catch (error) {
    const message = `could not remove old runs: ${error instanceof Error ? error.message : error}`;
    log({ level: 'warn', event: 'prune', message });
    return 0;
  }
}
