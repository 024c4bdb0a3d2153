import type Database from 'better-sqlite3';

/** An account whose provider asked for patience, as the ledger holds it. */
export interface Pause {
  readonly account: string;
  /** RFC 3339. */
  readonly until: string;
  readonly reason: string;
}

/** What the ledger knows about accounts that rest. */
export interface PauseTable {
  /** Accounts that rest at a time (RFC 3339). */
  pauses(now: string): Pause[];
}

/** Pauses in an open ledger. */
export function pauseTable(db: Database.Database): PauseTable {
  return {
    pauses: (now) =>
      db.prepare<[string], Pause>('SELECT * FROM pauses WHERE until > ? ORDER BY account').all(now),
  };
}
