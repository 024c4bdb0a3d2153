import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ledgerError } from './ledger-error.ts';

/** A lock that this process holds; the system ends it with the process. */
export interface FileLock {
  release(): void;
}

const REMEDY = 'nothing is kept in it: see that no dispatcher of this name runs, then remove it';

/** Takes the lock that a file stands for, `BEGIN IMMEDIATE` on it, or gives null if it is taken. */
export function tryFileLock(path: string): FileLock | null {
  let db: Database.Database | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    const opened = new Database(path, { timeout: 0 });
    db = opened;
    opened.exec('BEGIN IMMEDIATE');
    return { release: () => void opened.close() };
  } catch (error) {
    db?.close();
    const isTaken = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    if (isTaken) return null;
    throw ledgerError(path, error, REMEDY);
  }
}
