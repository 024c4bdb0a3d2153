import type { Priority } from '@jit/contract/vocabulary';
import type { Journal } from './journal.ts';
import type { Prepare } from './statements.ts';

/** What the last cycle decided about an issue that waits. */
export interface WaitRow {
  /** Its id: a ledger is of one repository. */
  readonly issue: string;
  readonly title: string;
  /** The priority it was treated as. */
  readonly priority: Priority;
  readonly reason: string;
  readonly detail: string;
  /** When this reason began, RFC 3339. */
  readonly since: string;
  /** Since when it waits for an agent, whatever held it up in between; null: it does not. */
  readonly agents_since: string | null;
}

/** A wait as it was decided. */
export type NewWait = Omit<WaitRow, 'since' | 'agents_since'>;

/** What the ledger knows about issues that wait. */
export interface WaitTable {
  /**
   * Keeps what was decided of all issues, or of those in `only`: writes what changed, forgets what waits no
   * more, and writes nothing where nothing changed.
   * @param asked the newest request that was there when the cycle looked, if it looked at all issues
   * @returns how many rows were written or forgotten
   */
  keepWaits(
    waits: readonly NewWait[],
    at: string,
    only?: ReadonlySet<string> | null,
    asked?: number | null,
  ): number;
  /** Issues that wait, those that wait longest for the same reason first. */
  waits(): WaitRow[];
  wait(issue: string): WaitRow | null;
  /** Numbers a request that was made just now, for whoever wants to know what is decided after it. */
  ask(): number;
  /** The newest request. */
  asked(): number;
  /** The newest request that all waits were decided after. */
  answered(): number;
}

/** Waits in an open ledger. They are no journal: each cycle decides anew. */
export function waitTable(prepare: Prepare, journal: Journal): WaitTable {
  const all = (): WaitRow[] =>
    prepare<[], WaitRow>('SELECT * FROM waits ORDER BY since, rowid').all();
  const read = (key: string): number =>
    Number(prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(key) ?? 0);
  const put = (key: string, value: number): void =>
    void prepare<[string, string]>(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ).run(key, String(value));
  return {
    keepWaits(waits, at, only = null, asked = null) {
      const before = new Map(all().map((row) => [row.issue, row]));
      const changed = waits.flatMap((wait) => {
        const row = toRow(wait, before.get(wait.issue), at);
        return row === null ? [] : row;
      });
      const still = new Set(waits.map(({ issue }) => issue));
      const over = [...before.keys()].filter(
        (issue) => !still.has(issue) && (only === null || only.has(issue)),
      );
      const isAnswer = asked !== null && asked !== read('waits_answered');
      if (changed.length + over.length === 0 && !isAnswer) return 0;
      journal.write(() => {
        if (isAnswer) put('waits_answered', asked);
        const forget = prepare<[string]>('DELETE FROM waits WHERE issue = ?');
        for (const issue of over) forget.run(issue);
        const keep = prepare<[WaitRow]>(
          `INSERT INTO waits VALUES (@issue, @title, @priority, @reason, @detail, @since, @agents_since)
             ON CONFLICT (issue) DO UPDATE SET title = excluded.title, priority = excluded.priority,
               reason = excluded.reason, detail = excluded.detail, since = excluded.since,
               agents_since = excluded.agents_since`,
        );
        for (const row of changed) keep.run(row);
      });
      return changed.length + over.length;
    },
    waits: all,
    wait: (issue) =>
      prepare<[string], WaitRow>('SELECT * FROM waits WHERE issue = ?').get(issue) ?? null,
    ask() {
      let number = 0;
      journal.write(() => {
        number = read('waits_asked') + 1;
        put('waits_asked', number);
      });
      return number;
    },
    asked: () => read('waits_asked'),
    answered: () => read('waits_answered'),
  };
}

/** Reasons that only delay an issue that waits for its agent: it goes on waiting for it. */
const DELAYS: readonly string[] = [
  'paused',
  'no_room_on_machine',
  'max_issues',
  'max_concurrent',
  'label_limit',
  'state_limit',
];

/** The row of a wait, or null if it stands there already. */
function toRow(wait: NewWait, before: WaitRow | undefined, at: string): WaitRow | null {
  const since = before?.reason === wait.reason ? before.since : at;
  const waited = before?.agents_since ?? null;
  const agents_since = wait.reason.startsWith('agents_')
    ? (waited ?? at)
    : DELAYS.includes(wait.reason)
      ? waited
      : null;
  const row = { ...wait, since, agents_since };
  return before !== undefined && isSame(before, row) ? null : row;
}

function isSame(a: WaitRow, b: WaitRow): boolean {
  return (
    a.reason === b.reason &&
    a.detail === b.detail &&
    a.title === b.title &&
    a.priority === b.priority &&
    a.agents_since === b.agents_since
  );
}
