import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';

const PAGE = 4096;

/** Writes over the pages of a ledger that is open, and makes those who have it open read them again. */
export function damage(path: string): () => void {
  const other = new Database(path);
  onTestFinished(() => void other.close());
  let count = 0;
  // It writes the first page only, which stays whole: so it works whoever else has met the damage.
  const touch = () => {
    count += 1;
    other.pragma(`application_id = ${count}`);
  };
  touch();
  other.pragma('wal_checkpoint(TRUNCATE)');
  const pages = statSync(path).size / PAGE;
  const file = openSync(path, 'r+');
  for (let page = 1; page < pages; page += 1)
    writeSync(file, 'no page '.repeat(PAGE / 8), page * PAGE);
  closeSync(file);
  return touch;
}
