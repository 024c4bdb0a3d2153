import { createRequire } from 'node:module';
import { JitError } from '@jit/contract/errors';
import type Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;
export type Statement = Sqlite.Statement;

/** Opens an SQLite file. Errors: SQLITE_MISSING (exit 10) where the native binding can't be loaded. */
export function openSqlite(path: string, options: Sqlite.Options = {}): Database {
  return new (loadSqlite())(path, options);
}

let loaded: typeof Sqlite | undefined; // loading twice would only cost time

function loadSqlite(): typeof Sqlite {
  if (loaded !== undefined) return loaded;
  try {
    const constructor: typeof Sqlite = createRequire(import.meta.url)('better-sqlite3');
    new constructor(':memory:').close();
    loaded = constructor;
    return constructor;
  } catch (error) {
    throw new JitError('external', 'SQLITE_MISSING', 'better-sqlite3 has no binding for this Node', {
      hint: 'Install again with install scripts allowed (a C++ compiler and Python are needed on Node 20), or use Node 22.14 or newer.',
      cause: error,
    });
  }
}

/** True if SQLite says that someone else holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
