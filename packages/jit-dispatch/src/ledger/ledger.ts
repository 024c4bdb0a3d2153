import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { type ClassificationTable, classificationTable } from './classifications.ts';
import { type EscalationTable, escalationTable } from './escalations.ts';
import { findDamage } from './find-damage.ts';
import { type HealthCheckTable, healthCheckTable } from './health-checks.ts';
import { type HoldTable, holdTable } from './holds.ts';
import { type Entry, openJournal, type RecordsListener } from './journal.ts';
import { ledgerError } from './ledger-error.ts';
import { migrate } from './migrate.ts';
import { type OrderTable, orderTable } from './orders.ts';
import { type OverviewTable, overviewTable } from './overview.ts';
import { type PauseTable, pauseTable } from './pauses.ts';
import { insertPull, type NewPull, type PullTable, pullTable } from './pulls.ts';
import { type RecordTail, recordTail } from './record-tail.ts';
import type { RecordType } from './record-types.ts';
import type { Run, RunChange, RunFilter } from './run.ts';
import { preparedOnce } from './statements.ts';
import { type SuccessTable, successTable } from './successes.ts';
import { type WaitTable, waitTable } from './waits.ts';
import { type WorkspaceTable, workspaceTable } from './workspaces.ts';

/** The dispatcher's own record of its runs. Every call that writes is durable when it returns. */
export interface Ledger
  extends EscalationTable,
    OverviewTable,
    PauseTable,
    RecordTail,
    WaitTable,
    HoldTable,
    OrderTable,
    HealthCheckTable,
    ClassificationTable,
    SuccessTable,
    WorkspaceTable,
    PullTable {
  /**
   * Journals runs before anything is done for them: those that still may be, asked while nobody else can
   * write. What was decided about each is kept with that.
   */
  create(
    runs: readonly Run[],
    mayBe?: (run: Run) => boolean,
    decisionOf?: (run: Run) => unknown,
  ): readonly Run[];
  /** What the work writes becomes durable at once, when it returns; nothing of it where it throws. */
  together<T>(work: () => T): T;
  /** Journals what is about to happen to a run, or just has, and changes the run with it. */
  record(run: string, entry: Entry, change?: RunChange): void;
  /** The same of the end of a run, with the pull request that its commits are to become: neither without the other. */
  recordEnd(run: string, entry: Entry, change: RunChange, pull: NewPull): void;
  /** Runs that have not ended, oldest first. */
  liveRuns(): Run[];
  /** Runs of any state, latest first. */
  runs(filter: RunFilter): Run[];
  /** Every issue, or agent, that a run was ever made for. */
  named(column: 'issue' | 'agent'): string[];
  find(run: string): Run | null;
  /** Takes in runs that only their folders know. One that the ledger knows stays as it is. */
  restore(runs: readonly Run[], at: string): void;
  /** Those of the runs that the ledger does not know. */
  unknown(runs: readonly string[]): string[];
  /** How many of the latest runs were claimed, or may yet be, and were created after that time. */
  countBegun(since: string): number;
  /** Those of the runs that ended before that time. */
  endedBefore(runs: readonly string[], time: string): string[];
  /** Drops the records of what ended before that time; the runs stay, as summaries. */
  prune(before: string): void;
  /** What was journalled of a run under one type, oldest first. */
  recordsOf(run: string, type: RecordType): { readonly at: string; readonly data: unknown }[];
  /** Everything journalled of a run, oldest first. */
  timeLine(
    run: string,
  ): { readonly at: string; readonly type: RecordType; readonly data: unknown }[];
  /** Those of the issues whose latest run was never claimed, with what was journalled of the loss. */
  lostClaims(
    issues: readonly string[],
  ): { readonly issue: string; readonly at: string; readonly data: unknown }[];
  getMeta(key: string): string | null;
  setMeta(key: string, value: string | null): void;
  close(): void;
}

/** How a ledger is opened. */
export interface LedgerOptions {
  /** Looks for damage at once instead of when it is met. Reads the whole file. */
  readonly isChecked?: boolean;
  /** Told of records once they are durable. */
  readonly onRecords?: RecordsListener;
}

const BUSY_MS = 5_000;

/**
 * Opens a ledger and makes it where there is none.
 * @throws JitError `LEDGER_TOO_NEW` (exit 4), `LEDGER_DAMAGED` or `LEDGER_UNUSABLE` (exit 10)
 */
export function openLedger(
  path: string,
  { isChecked = false, onRecords = () => {} }: LedgerOptions = {},
): Ledger {
  let db: Database.Database | undefined;
  try {
    // Tokens are in it: nobody else may read it, and SQLite gives its side files the same mode.
    closeSync(openSync(path, 'a', 0o600));
    db = new Database(path, { timeout: BUSY_MS });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    migrate(db, path);
    if (isChecked) findDamage(db, path);
    return guarded(createLedger(db, onRecords), path);
  } catch (error) {
    db?.close();
    throw ledgerError(path, error);
  }
}

/** The same ledger; damage that shows only later is told in the same words. */
function guarded(ledger: Ledger, path: string): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]): unknown => {
        try {
          return Reflect.apply(method, target, args);
        } catch (error) {
          throw ledgerError(path, error);
        }
      };
    },
  });
}

function createLedger(db: Database.Database, onRecords: RecordsListener): Ledger {
  const prepare = preparedOnce(db);
  const insert = prepare<[Run]>(
    `INSERT INTO runs VALUES (@run, @issue, @title, @agent, @state, @token, @attempt, @completion,
       @reason, @detail, @exit_code, @signal, @pid, @log, @created_at, @dispatched_at, @started_at, @ended_at,
       @failed, @failures, @gate_tries, @workspace, @task_type, @class, @score)`,
  );
  const journal = openJournal(db, onRecords);
  const change = (run: string, columns: RunChange): void => {
    const names = Object.keys(columns);
    if (names.length === 0) return;
    const assignments = names.map((name) => `${name} = @${name}`).join(', ');
    prepare<[object]>(`UPDATE runs SET ${assignments} WHERE run = @run`).run({ ...columns, run });
  };

  return {
    ...escalationTable(prepare, journal),
    ...pauseTable(prepare, journal),
    ...waitTable(prepare, journal),
    ...holdTable(prepare),
    ...orderTable(prepare, journal),
    ...healthCheckTable(prepare),
    ...classificationTable(prepare),
    ...successTable(prepare),
    ...overviewTable(prepare),
    ...recordTail(prepare),
    ...workspaceTable(prepare, journal),
    ...pullTable(prepare, journal),
    create(runs, mayBe = () => true, decisionOf = () => null) {
      const created: Run[] = [];
      if (runs.length === 0) return created;
      journal.write(() => {
        for (const run of runs) {
          if (!mayBe(run)) continue;
          insert.run(run);
          const { issue, agent, created_at: at } = run;
          const decision = decisionOf(run) ?? null;
          journal.append(run.run, { type: 'created', at, data: { issue, agent, decision } });
          created.push(run);
        }
      });
      return created;
    },
    together: (work) => journal.write(work),
    record(run, entry, columns = {}) {
      journal.write(() => {
        journal.append(run, entry);
        change(run, columns);
      });
    },
    recordEnd(run, entry, columns, pull) {
      journal.write(() => {
        journal.append(run, entry);
        change(run, columns);
        insertPull(prepare, pull);
        const { branch, head } = pull;
        const data = { branch, head };
        journal.append(run, { type: 'pull_request_queued', at: entry.at, data });
      });
    },
    restore(runs, at) {
      journal.write(() => {
        for (const run of runs) {
          if (this.find(run.run) !== null) continue;
          insert.run(run);
          journal.append(run.run, { type: 'found', at, data: { state: run.state } });
        }
      });
    },
    unknown(runs) {
      return prepare<[string], string>(
        'SELECT value FROM json_each(?) WHERE value NOT IN (SELECT run FROM runs)',
      )
        .pluck()
        .all(JSON.stringify(runs));
    },
    countBegun(since) {
      return (
        prepare<[string], number>(
          `SELECT count(*) FROM (SELECT * FROM runs ORDER BY rowid DESC LIMIT 1000)
             WHERE created_at > ? AND (state <> 'lost' OR attempt IS NOT NULL)`,
        )
          .pluck()
          .get(since) ?? 0
      );
    },
    endedBefore(runs, time) {
      return prepare<[string, string], string>(
        'SELECT run FROM runs WHERE run IN (SELECT value FROM json_each(?)) AND ended_at < ?',
      )
        .pluck()
        .all(JSON.stringify(runs), time);
    },
    prune(before) {
      prepare<[object]>(
        `DELETE FROM records WHERE at < @before
           AND (run IS NULL OR run IN (SELECT run FROM runs WHERE ended_at < @before))`,
      ).run({ before });
    },
    liveRuns() {
      return prepare<[], Run>('SELECT * FROM runs WHERE ended_at IS NULL ORDER BY rowid').all();
    },
    runs({ issue, agent, limit }) {
      const rules = [issue && 'issue = @issue', agent && 'agent = @agent'].filter(Boolean);
      const where = rules.length === 0 ? '' : `WHERE ${rules.join(' AND ')}`;
      return prepare<[object], Run>(
        `SELECT * FROM runs ${where} ORDER BY rowid DESC LIMIT @limit`,
      ).all({ issue, agent, limit: limit ?? -1 });
    },
    named(column) {
      return prepare<[], string>(`SELECT DISTINCT ${column} FROM runs ORDER BY 1`).pluck().all();
    },
    find(run) {
      return prepare<[string], Run>('SELECT * FROM runs WHERE run = ?').get(run) ?? null;
    },
    recordsOf(run, type) {
      return prepare<[string, RecordType], { at: string; data: string }>(
        'SELECT at, data FROM records WHERE run = ? AND type = ? ORDER BY seq',
      )
        .all(run, type)
        .map(({ at, data }) => ({ at, data: JSON.parse(data) as unknown }));
    },
    timeLine(run) {
      return prepare<[string], { at: string; type: RecordType; data: string }>(
        'SELECT at, type, data FROM records WHERE run = ? ORDER BY seq',
      )
        .all(run)
        .map(({ at, type, data }) => ({ at, type, data: JSON.parse(data) as unknown }));
    },
    lostClaims(issues) {
      return db
        .prepare<[string], { issue: string; at: string; data: string }>(
          `SELECT runs.issue, records.at, records.data FROM json_each(?) AS asked
             JOIN runs ON runs.rowid = (SELECT max(rowid) FROM runs WHERE issue = asked.value)
             JOIN records ON records.run = runs.run AND records.type = 'lost'
             WHERE runs.state = 'lost' AND runs.attempt IS NULL`,
        )
        .all(JSON.stringify(issues))
        .map(({ issue, at, data }) => ({ issue, at, data: JSON.parse(data) as unknown }));
    },
    getMeta(key) {
      const row = prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(
        key,
      );
      return row?.value ?? null;
    },
    setMeta(key, value) {
      if (value === null) prepare<[string]>('DELETE FROM meta WHERE key = ?').run(key);
      else
        prepare<[string, string]>(
          'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        ).run(key, value);
    },
    close() {
      db.close();
    },
  };
}
