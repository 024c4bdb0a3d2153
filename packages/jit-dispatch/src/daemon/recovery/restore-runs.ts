import type { Ledger } from '../../ledger/ledger.ts';
import { listRunFolders, readRow } from '../../run-rows.ts';

/**
 * Takes every run into the ledger that only its folder knows. Made anew from what is there at each
 * opening, so a crash in between, a removed ledger and one from a backup are no special cases.
 */
export function restoreRuns(ledger: Ledger, runsFolder: string, now: Date): number {
  const unknown = ledger.unknown(listRunFolders(runsFolder));
  const runs = unknown.flatMap((name) => readRow(runsFolder, name) ?? []);
  if (runs.length > 0) ledger.restore(runs, now.toISOString());
  return runs.length;
}
