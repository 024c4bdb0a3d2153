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
  /** One transaction, durable when it returns. Everything that writes records goes through here (invariant JOURNALLED-FIRST). */
  write(changes: () => void): void;
  /** A record of a run; nothing where the ledger does not know it. */
  append(run: string, entry: Entry): void;
  /** A record of an issue. It names the latest run of it, where it had one. */
  appendOfIssue(issue: string, entry: Entry): void;
}

/** Told of each record that is durable, and of which run it is. */
export type RecordListener = (type: RecordType, run: string | null) => void;

/** The journal in an open ledger. */
export function openJournal(db: Database.Database, onRecord: RecordListener): Journal {
  const insert = db.prepare<[string | null, string, string, RecordType, string]>(
    'INSERT INTO records (run, issue, at, type, data) VALUES (?, ?, ?, ?, ?)',
  );
  const issueOf = db.prepare<[string], string>('SELECT issue FROM runs WHERE run = ?').pluck();
  const latestOf = db
    .prepare<[string], string>('SELECT run FROM runs WHERE issue = ? ORDER BY rowid DESC LIMIT 1')
    .pluck();
  let appended: [RecordType, string | null][] = [];
  const append = (run: string | null, issue: string, { type, at, data }: Entry): void => {
    insert.run(run, issue, at, type, JSON.stringify(data ?? {}));
    appended.push([type, run]);
  };
  return {
    write(changes) {
      appended = [];
      db.transaction(changes).immediate();
      for (const [type, run] of appended) onRecord(type, run);
    },
    append(run, entry) {
      const issue = issueOf.get(run);
      if (issue !== undefined) append(run, issue, entry);
    },
    appendOfIssue: (issue, entry) => append(latestOf.get(issue) ?? null, issue, entry),
  };
}
