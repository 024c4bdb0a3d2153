import type { Entry, Journal } from './journal.ts';
import type { Prepare } from './statements.ts';

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
  recordEscalation(id: string, entry: Entry, change: EscalationChange): void;
  /** Changes an escalation where nothing happens outside. */
  changeEscalation(id: string, change: EscalationChange): void;
  /** Escalations about which something is left to be done, oldest first. */
  openEscalations(): Escalation[];
  /** The latest of an issue, whether anything is left to be done or not; null: there was none. */
  lastEscalation(issue: string): Escalation | null;
}

/** Escalations in an open ledger. */
export function escalationTable(prepare: Prepare, journal: Journal): EscalationTable {
  const change = (id: string, columns: EscalationChange): void => {
    const assignments = Object.keys(columns).map((name) => `${name} = @${name}`);
    prepare<[object]>(`UPDATE escalations SET ${assignments.join(', ')} WHERE id = @id`).run({
      ...columns,
      id,
    });
  };
  return {
    beginEscalation(escalation) {
      journal.write(() => {
        prepare<[object]>(
          `INSERT INTO escalations (id, issue, title, reason, detail, created_at)
           VALUES (@id, @issue, @title, @reason, @detail, @created_at)`,
        ).run(escalation);
        const { id, issue, reason, created_at } = escalation;
        journal.appendOfIssue(issue, { type: 'escalating', at: created_at, data: { id, reason } });
      });
    },
    recordEscalation(id, { type, at, data }, columns) {
      journal.write(() => {
        const issue = prepare<[string], string>('SELECT issue FROM escalations WHERE id = ?')
          .pluck()
          .get(id);
        if (issue !== undefined)
          journal.appendOfIssue(issue, { type, at, data: { id, ...(data ?? {}) } });
        change(id, columns);
      });
    },
    changeEscalation: change,
    openEscalations() {
      return prepare<[], Escalation>(
        'SELECT * FROM escalations WHERE ended_at IS NULL ORDER BY rowid',
      ).all();
    },
    lastEscalation: (issue) =>
      prepare<[string], Escalation>(
        'SELECT * FROM escalations WHERE issue = ? ORDER BY rowid DESC LIMIT 1',
      ).get(issue) ?? null,
  };
}
