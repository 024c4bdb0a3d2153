import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import type Sqlite from 'better-sqlite3';
import { randomBytes } from '../platform/crypto.ts';

export type Database = Sqlite.Database;
export type Statement = Sqlite.Statement;

/** Opens an SQLite file. Errors: SQLITE_MISSING (exit 10) where the native binding can't be loaded. */
export function openSqlite(path: string, options: Sqlite.Options = {}): Database {
  try {
    loaded ??= load();
    return new loaded.constructor(path, { ...options, ...loaded.options });
  } catch (error) {
    if (isSqliteError(error)) throw error;
    if (loaded !== undefined && !existsSync(dirname(path))) {
      throw Object.assign(new Error(`ENOENT: ${dirname(path)} is gone`), { code: 'ENOENT' });
    }
    throw new JitError(
      'external',
      'SQLITE_MISSING',
      'better-sqlite3 has no binding for this Node',
      {
        hint: 'Install again with install scripts allowed (a C++ compiler and Python are needed on Node 20), or use Node 22.14 or newer.',
        cause: error,
      },
    );
  }
}

/**
 * Makes a new SQLite file with a write-ahead log in one step, unless there is one. Several processes
 * that switch one new file to such a log at once are told that it is locked, whatever they would wait.
 * @param tmp folder on the same file system; what a killed process leaves there is swept by the next write
 * @param schema statements that make what is in it at first
 */
export function makeSqlite(path: string, tmp: string, schema: string): void {
  while (!existsSync(path)) {
    // Not those above it: a `.jit` that was moved away must not come back empty.
    if (!existsSync(tmp)) mkdirSync(tmp);
    const made = join(tmp, `${basename(path)}-${randomBytes(8).toString('hex')}`);
    const db = openSqlite(made);
    try {
      db.pragma('journal_mode = WAL');
      db.exec(schema);
    } finally {
      db.close();
    }
    try {
      linkSync(made, path);
    } catch (error) {
      // Somebody else was faster, and theirs counts; or the folder was swept meanwhile.
      if (!hasCode(error, ['EEXIST', 'ENOENT']) || !existsSync(dirname(path))) throw error;
    } finally {
      rmSync(made, { force: true });
    }
  }
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

let loaded: ReturnType<typeof load> | undefined; // loading twice would only cost time

function load(): { constructor: typeof Sqlite; options: Sqlite.Options } {
  const installed = createRequire(import.meta.url);
  const manifest = installed.resolve('better-sqlite3/package.json');
  const binding = join(dirname(manifest), 'build/Release/better_sqlite3.node');
  // Looking the binding up by name costs more time than opening a database.
  const options = existsSync(binding) ? { nativeBinding: binding } : {};
  const bundled = bundledLibrary(manifest);
  return { constructor: bundled ?? installed('better-sqlite3'), options };
}

/** The library's script as it is in the bundle: one file instead of a dozen. Only for the very version that is installed. */
function bundledLibrary(manifest: string): typeof Sqlite | null {
  if (typeof __SQLITE_VERSION__ === 'undefined') return null;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  return version === __SQLITE_VERSION__ ? require('better-sqlite3') : null;
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

/** True if SQLite says that someone else holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** True if SQLite says that a file is no database at all. */
export function isNoDatabase(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_NOTADB';
}

/** True if SQLite says that a file is no database or a broken one. */
export function isDamaged(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].some((word) => String(error.code).startsWith(word));
}

/** True if an index may work again when it is opened anew or rebuilt. */
export function isIndexTrouble(error: unknown): boolean {
  if (isDamaged(error)) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_IOERR');
}
