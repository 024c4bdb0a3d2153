import type Database from 'better-sqlite3';
import type { RecordType } from './record-types.ts';

/** What is journalled with a record. */
export interface Entry {
  readonly type: RecordType;
  /** RFC 3339. */
  readonly at: string;
  readonly data?: unknown;
}

/** The records of a ledger. */
export interface Journal {
  /**
   * One transaction, durable when it returns; within another one, when that one returns. Everything that writes
   * records goes through here (invariant JOURNALLED-FIRST).
   */
  write<T>(changes: () => T): T;
  /** A record of a run; nothing where the ledger does not know it. */
  append(run: string, entry: Entry): void;
  /** A record of an issue. It names the latest run of it, where it had one. */
  appendOfIssue(issue: string, entry: Entry): void;
}

/** Told of records that became durable together, and of which run each is. */
export type RecordsListener = (records: readonly AppendedRecord[]) => void;

/** A record that was appended. */
export interface AppendedRecord {
  readonly type: RecordType;
  readonly run: string | null;
}

/** The journal in an open ledger. */
export function openJournal(db: Database.Database, onRecords: RecordsListener): Journal {
  const insert = db.prepare<[string | null, string, string, RecordType, string]>(
    'INSERT INTO records (run, issue, at, type, data) VALUES (?, ?, ?, ?, ?)',
  );
  const issueOf = db.prepare<[string], string>('SELECT issue FROM runs WHERE run = ?').pluck();
  const latestOf = db
    .prepare<[string], string>('SELECT run FROM runs WHERE issue = ? ORDER BY rowid DESC LIMIT 1')
    .pluck();
  const appended: AppendedRecord[] = [];
  const append = (run: string | null, issue: string, { type, at, data }: Entry): void => {
    insert.run(run, issue, at, type, JSON.stringify(data ?? {}));
    appended.push({ type, run });
  };
  return {
    write(changes) {
      const isOuter = !db.inTransaction;
      const before = appended.length;
      try {
        const result = db.transaction(changes).immediate();
        if (isOuter) onRecords(appended.splice(0));
        return result;
      } catch (error) {
        appended.length = before;
        throw error;
      }
    },
    append(run, entry) {
      const issue = issueOf.get(run);
      if (issue !== undefined) append(run, issue, entry);
    },
    appendOfIssue: (issue, entry) => append(latestOf.get(issue) ?? null, issue, entry),
  };
}
