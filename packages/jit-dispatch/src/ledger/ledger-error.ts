import { JitError } from '@jit/contract/errors';
import Database from 'better-sqlite3';

const DAMAGED = /^SQLITE_(NOTADB|CORRUPT|ERROR)/;

/**
 * What went wrong with a file of the ledger, in words: damage, or a file system that refuses. What
 * is neither is given back as it is.
 */
export function ledgerError(path: string, error: unknown, remedy?: string): unknown {
  if (error instanceof JitError || !(error instanceof Error)) return error;
  const { code, errno } = error as NodeJS.ErrnoException;
  const isOfSqlite = error instanceof Database.SqliteError;
  if (code === undefined || (!isOfSqlite && errno === undefined)) return error;
  if (isOfSqlite && DAMAGED.test(code)) return damaged(path, error.message, remedy);
  return new JitError('external', 'LEDGER_UNUSABLE', `${path} cannot be used: ${error.message}`, {
    hint: 'see what is at that path, whether there is room and whether this user may write there, or use another --name',
    details: { path, cause: code },
    cause: error,
  });
}

/** A file of the ledger that holds something else than it should. */
export function damaged(path: string, what: string, remedy?: string): JitError {
  return new JitError('external', 'LEDGER_DAMAGED', `${path} is damaged: ${what}`, {
    hint:
      remedy ??
      'the next `jit-dispatch start` or `once` sets it aside and makes a new one of the run folders; agents that run go on',
    details: { path },
  });
}
