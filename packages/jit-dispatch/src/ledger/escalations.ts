import type Database from 'better-sqlite3';
import type { RecordType } from './record-types.ts';

/** One time that people were asked to look at an issue, as the ledger holds it. */
export interface Escalation {
  readonly id: string;
  readonly issue: string;
  readonly title: string;
  readonly reason: string;
  readonly detail: string;
  readonly created_at: string;
  /** When the tracker had it; null before, or where another dispatcher was first. */
  readonly escalated_at: string | null;
  /** How often the hook was told, with the time that is under way. */
  readonly told: number;
  /** When it was told last; null while it is not known whether the last time came about. */
  readonly told_at: string | null;
  /** When nothing is left to be done about it. */
  readonly ended_at: string | null;
}

/** The columns of an escalation that change. */
export type EscalationChange = Partial<
  Pick<Escalation, 'escalated_at' | 'told' | 'told_at' | 'ended_at'>
>;

/** What the ledger knows about escalations. */
export interface EscalationTable {
  /** Journals an escalation before anything is done for it. */
  beginEscalation(
    escalation: Pick<Escalation, 'id' | 'issue' | 'title' | 'reason' | 'detail' | 'created_at'>,
  ): void;
  /** Journals what is about to happen to an escalation, or just has, and changes it with that. */
  recordEscalation(
    id: string,
    entry: { readonly type: RecordType; readonly at: string; readonly data?: unknown },
    change: EscalationChange,
  ): void;
  /** Changes an escalation where nothing happens outside. */
  changeEscalation(id: string, change: EscalationChange): void;
  /** Escalations about which something is left to be done, oldest first. */
  openEscalations(): Escalation[];
}

/** Escalations in an open ledger. Records name the latest run of the issue, where it had one. */
export function escalationTable(db: Database.Database): EscalationTable {
  const journal = (issue: string, at: string, type: RecordType, data: object): void => {
    db.prepare(
      `INSERT INTO records (run, issue, at, type, data)
       VALUES ((SELECT run FROM runs WHERE issue = @issue ORDER BY rowid DESC LIMIT 1), @issue, @at, @type, @data)`,
    ).run({ issue, at, type, data: JSON.stringify(data) });
  };
  const change = (id: string, columns: EscalationChange): void => {
    const assignments = Object.keys(columns).map((name) => `${name} = @${name}`);
    db.prepare(`UPDATE escalations SET ${assignments.join(', ')} WHERE id = @id`).run({
      ...columns,
      id,
    });
  };
  return {
    beginEscalation(escalation) {
      db.transaction(() => {
        db.prepare(
          `INSERT INTO escalations (id, issue, title, reason, detail, created_at)
           VALUES (@id, @issue, @title, @reason, @detail, @created_at)`,
        ).run(escalation);
        const { id, issue, reason, created_at } = escalation;
        journal(issue, created_at, 'escalating', { id, reason });
      }).immediate();
    },
    recordEscalation(id, { type, at, data }, columns) {
      db.transaction(() => {
        const issue = db
          .prepare<[string], string>('SELECT issue FROM escalations WHERE id = ?')
          .pluck()
          .get(id);
        if (issue !== undefined) journal(issue, at, type, { id, ...(data ?? {}) });
        change(id, columns);
      }).immediate();
    },
    changeEscalation: change,
    openEscalations() {
      return db
        .prepare<[], Escalation>('SELECT * FROM escalations WHERE ended_at IS NULL ORDER BY rowid')
        .all();
    },
  };
}
