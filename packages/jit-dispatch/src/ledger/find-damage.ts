import Database from 'better-sqlite3';
import { damaged } from './ledger-error.ts';
import { LEDGER_STEPS } from './schema.ts';

/**
 * Looks for damage that would be met only later: broken pages, missing tables.
 * @throws JitError `LEDGER_DAMAGED` (exit 10)
 */
export function findDamage(db: Database.Database, path: string): void {
  const [first] = db.prepare<[], string>('PRAGMA quick_check(1)').pluck().all();
  const missing = missingFrom(db);
  if (first === 'ok' && missing.length === 0) return;
  throw damaged(path, first === 'ok' ? `${missing.join(', ')} missing` : String(first));
}

function missingFrom(db: Database.Database): string[] {
  const names = (each: Database.Database): string[] =>
    each.prepare<[], string>('SELECT name FROM sqlite_master').pluck().all();
  const sound = new Database(':memory:');
  try {
    for (const step of LEDGER_STEPS) sound.exec(step);
    const found = new Set(names(db));
    return names(sound).filter((name) => !found.has(name));
  } finally {
    sound.close();
  }
}
