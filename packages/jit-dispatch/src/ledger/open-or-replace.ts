import { existsSync, renameSync } from 'node:fs';
import { JitError } from '@jit/contract/errors';
import { type Ledger, type LedgerOptions, openLedger } from './ledger.ts';

/** A ledger, and what became of the damaged one in its place. */
export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly setAside: { readonly path: string; readonly reason: string } | null;
}

const SIDE_FILES = ['-wal', '-shm'];

/**
 * Opens the ledger of a dispatcher whose lock this process holds. A damaged one is set aside as
 * `<path>.damaged-<time>`, and a new one begun. One of a newer version is refused and stays.
 * @throws JitError `LEDGER_TOO_NEW` (exit 4), `LEDGER_UNUSABLE` (exit 10)
 */
export function openOrReplace(path: string, now: Date, options: LedgerOptions): OpenedLedger {
  try {
    return { ledger: openLedger(path, { ...options, isChecked: true }), setAside: null };
  } catch (error) {
    if (!(error instanceof JitError) || error.code !== 'LEDGER_DAMAGED') throw error;
    const aside = freeName(`${path}.damaged-${now.toISOString().replaceAll(':', '')}`);
    // The ledger first: SQLite drops a -wal that lies beside a new file, it would follow one beside an old.
    renameSync(path, aside);
    for (const side of SIDE_FILES)
      if (existsSync(path + side)) renameSync(path + side, aside + side);
    const ledger = openLedger(path, options);
    return { ledger, setAside: { path: aside, reason: error.message } };
  }
}

function freeName(wanted: string): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!existsSync(name)) return name;
  }
}
