import { JitError } from '@jit/contract/errors';
import Database from 'better-sqlite3';

const DAMAGED = /^SQLITE_(NOTADB|CORRUPT|ERROR)/;

/**
 * What went wrong with a file of the ledger, in words: damage, or a file system that refuses. What
 * is neither is given back as it is.
 */
export function ledgerError(path: string, error: unknown): unknown {
  if (error instanceof JitError || !(error instanceof Error)) return error;
  const { code, errno } = error as NodeJS.ErrnoException;
  const isOfSqlite = error instanceof Database.SqliteError;
  if (code === undefined || (!isOfSqlite && errno === undefined)) return error;
  const isDamaged = isOfSqlite && DAMAGED.test(code);
  return new JitError(
    'external',
    isDamaged ? 'LEDGER_DAMAGED' : 'LEDGER_UNUSABLE',
    `${path} ${isDamaged ? 'is damaged' : 'cannot be used'}: ${error.message}`,
    {
      hint: isDamaged
        ? 'restore it, or move its folder aside: a new ledger is begun, and what the old one had claimed is free when the leases end'
        : 'see what is at that path and whether this user may write there, or use another --name',
      details: { path, cause: code },
      cause: error,
    },
  );
}
