import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Issue } from '../../domain/issue.ts';
import { isUnfinished } from '../../domain/issue.ts';
import type { Folder } from '../layout.ts';
import type { Database, Statement } from '../sqlite.ts';
import { makeSqlite, openSqlite } from '../sqlite.ts';

/** Raise it with every change of the layout: an index of another version is dropped and rebuilt. */
const INDEX_VERSION = 4;

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE folders (folder TEXT PRIMARY KEY, mark TEXT, settled INTEGER) WITHOUT ROWID;
  CREATE TABLE documents (
    folder TEXT NOT NULL, name TEXT NOT NULL, raw TEXT NOT NULL, problem TEXT,
    unfinished INTEGER NOT NULL, state TEXT, defers INTEGER NOT NULL,
    mark TEXT NOT NULL, settled INTEGER NOT NULL,
    PRIMARY KEY (folder, name)
  );
  CREATE INDEX unfinished ON documents (name) WHERE unfinished = 1;
  CREATE INDEX unreadable ON documents (name) WHERE problem IS NOT NULL;
  CREATE INDEX unsettled_files ON documents (name) WHERE settled = 0;
  CREATE TABLE edges (issue TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (issue, target)) WITHOUT ROWID;
  CREATE INDEX edges_back ON edges (target, issue);
  CREATE TABLE events (id TEXT PRIMARY KEY, issue TEXT, type TEXT NOT NULL, file TEXT NOT NULL, line TEXT NOT NULL);
  CREATE INDEX events_of_issue ON events (issue, id);
  CREATE TABLE event_files (file TEXT PRIMARY KEY, bytes INTEGER NOT NULL, hash TEXT NOT NULL, mark TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE disputed (issue TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE cycles (path TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE unsettled (issue TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE finished_labels (
    label TEXT NOT NULL, state TEXT NOT NULL, issue TEXT NOT NULL, PRIMARY KEY (label, state, issue)
  ) WITHOUT ROWID;
  CREATE INDEX finished_labels_of ON finished_labels (issue);
  CREATE TABLE searched (row INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE unsearched (name TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** A document as the index knows it. */
export interface DocumentRow {
  readonly name: string;
  /** The text of the file, byte for byte. */
  readonly raw: string;
  /** Why the file can't be used; `state` is then the last one known. */
  readonly problem: string | null;
  readonly state: string | null;
}

/** What the index remembers of a file besides its content. */
export interface MarkRow {
  readonly name: string;
  readonly mark: string;
  readonly settled: number;
}

/** How far an event file has been taken in. */
export interface EventFileRow {
  readonly file: string;
  readonly bytes: number;
  /** Hash of the first `bytes` bytes, see prefix-hash. */
  readonly hash: string;
  readonly mark: string;
}

/**
 * The disposable index of the files. It only ever repeats what files say; written under the lock.
 */
export class IndexDb {
  readonly db: Database;
  private readonly statements = new Map<string, Statement>();

  private constructor(db: Database) {
    this.db = db;
  }

  /** Opens the index if it is one of this version and this store, else null: it must be made anew. */
  static open(path: string, storeId: string): IndexDb | null {
    if (!existsSync(path)) return null; // opening would make an empty one
    const db = openSqlite(path, { timeout: 5000 });
    try {
      db.pragma('synchronous = NORMAL');
      if (db.pragma('user_version', { simple: true }) === INDEX_VERSION) {
        const index = new IndexDb(db);
        if (index.meta('store_id') === storeId) return index;
      }
    } catch {
      // A damaged index is dropped like one of another version: the files are the truth.
    }
    db.close();
    return null;
  }

  /** Makes the index anew, in place, so that those who read the old one are not disturbed. The lock must be held. */
  static create(path: string, storeId: string, fill: (index: IndexDb) => void): IndexDb {
    makeSqlite(path, join(dirname(path), 'tmp'), 'CREATE TABLE new (empty);');
    const db = openSqlite(path, { timeout: 5000 });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    const index = new IndexDb(db);
    db.transaction(() => {
      // Virtual tables first: they take tables of their own with them.
      for (const kind of ['CREATE VIRTUAL%', '%']) {
        const tables = db
          .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE ?")
          .pluck()
          .all(kind);
        for (const table of tables) db.exec(`DROP TABLE "${table}"`);
      }
      db.exec(SCHEMA);
      index.setMeta('store_id', storeId);
      fill(index);
      db.pragma(`user_version = ${INDEX_VERSION}`);
    }).immediate();
    return index;
  }

  /** A prepared statement, made once. */
  sql(text: string): Statement {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      statement = this.db.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  private meta(key: string): unknown {
    return this.sql('SELECT value FROM meta WHERE key = ?').pluck().get(key);
  }

  private setMeta(key: string, value: string): void {
    this.sql('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, value);
  }

  document(folder: Folder, name: string): DocumentRow | undefined {
    const row = this.sql(
      'SELECT name, raw, problem, state FROM documents WHERE folder = ? AND name = ?',
    ).get(folder, name);
    return row as DocumentRow | undefined;
  }

  documents(folder: Folder): DocumentRow[] {
    return this.sql(
      'SELECT name, raw, problem, state FROM documents WHERE folder = ? ORDER BY name',
    ).all(folder) as DocumentRow[];
  }

  unfinished(): DocumentRow[] {
    return this.sql(
      'SELECT name, raw, problem, state FROM documents WHERE unfinished = 1 ORDER BY name',
    ).all() as DocumentRow[];
  }

  unreadable(): { folder: Folder; name: string; problem: string }[] {
    return this.sql(
      'SELECT folder, name, problem FROM documents WHERE problem IS NOT NULL ORDER BY folder, name',
    ).all() as { folder: Folder; name: string; problem: string }[];
  }

  /** Counts by stored state of what is finished. */
  finishedCounts(): { state: string; count: number }[] {
    return this.sql(
      "SELECT state, count(*) AS count FROM documents WHERE folder = 'issues' AND unfinished = 0 GROUP BY state",
    ).all() as { state: string; count: number }[];
  }

  /** The labels of one finished issue, or with null of all of them, counted by state. */
  finishedLabels(issue: string | null): { label: string; state: string; count: number }[] {
    const where = issue === null ? '' : 'WHERE issue = @issue';
    return this.sql(
      `SELECT label, state, count(*) AS count FROM finished_labels ${where} GROUP BY label, state`,
    ).all(issue === null ? {} : { issue }) as { label: string; state: string; count: number }[];
  }

  /** The names of all documents of a folder. */
  names(folder: Folder): string[] {
    return this.sql('SELECT name FROM documents WHERE folder = ? ORDER BY name')
      .pluck()
      .all(folder) as string[];
  }

  namesWithPrefix(prefix: string): string[] {
    return this.sql(
      "SELECT name FROM documents WHERE folder = 'issues' AND name >= ? AND name < ? ORDER BY name",
    )
      .pluck()
      .all(prefix, `${prefix}\u{10ffff}`) as string[];
  }

  /** The names just before and after a name, whether that is there or not. */
  neighbours(name: string): string[] {
    const before = "SELECT max(name) FROM documents WHERE folder = 'issues' AND name < ?";
    const after = "SELECT min(name) FROM documents WHERE folder = 'issues' AND name > ?";
    return [before, after]
      .map((text) => this.sql(text).pluck().get(name))
      .filter((found) => typeof found === 'string');
  }

  dependents(id: string): string[] {
    return this.sql('SELECT issue FROM edges WHERE target = ? ORDER BY issue')
      .pluck()
      .all(id) as string[];
  }

  edgesOf(id: string): string[] {
    return this.sql('SELECT target FROM edges WHERE issue = ? ORDER BY target')
      .pluck()
      .all(id) as string[];
  }

  /** Open issues with a time before which they must not start. */
  deferred(): string[] {
    return this.sql('SELECT name FROM documents WHERE unfinished = 1 AND defers = 1')
      .pluck()
      .all() as string[];
  }

  marks(folder: Folder): MarkRow[] {
    return this.sql('SELECT name, mark, settled FROM documents WHERE folder = ?').all(
      folder,
    ) as MarkRow[];
  }

  /** Files that may be edited in place without being told: unfinished issues, and those whose stamp is too young. */
  watchedMarks(limit: number, offset: number): MarkRow[] {
    return this.sql(
      `SELECT name, mark, settled FROM documents WHERE unfinished = 1 AND folder = 'issues'
       UNION SELECT name, mark, settled FROM documents WHERE settled = 0 AND folder = 'issues'
       ORDER BY name LIMIT ? OFFSET ?`,
    ).all(limit, offset) as MarkRow[];
  }

  /** Counts the commands that could only watch a part of the unfinished issues. */
  watchTurn(): number {
    return Number(this.meta('watch_turn') ?? 0);
  }

  setWatchTurn(turn: number): void {
    this.setMeta('watch_turn', String(turn));
  }

  unfinishedCount(): number {
    return Number(this.sql('SELECT count(*) FROM documents WHERE unfinished = 1').pluck().get());
  }

  mark(folder: Folder, name: string): MarkRow | undefined {
    return this.sql('SELECT name, mark, settled FROM documents WHERE folder = ? AND name = ?').get(
      folder,
      name,
    ) as MarkRow | undefined;
  }

  folder(folder: Folder): { mark: string; settled: number } | undefined {
    return this.sql('SELECT mark, settled FROM folders WHERE folder = ?').get(folder) as
      | { mark: string; settled: number }
      | undefined;
  }

  setFolder(folder: Folder, mark: string, settled: boolean): void {
    this.sql('INSERT OR REPLACE INTO folders VALUES (?, ?, ?)').run(folder, mark, settled ? 1 : 0);
  }

  putGate(name: string, raw: string, problem: string | null, mark: string, settled: boolean): void {
    this.sql(`INSERT OR REPLACE INTO documents VALUES ('gates', ?, ?, ?, 0, NULL, 0, ?, ?)`).run(
      name,
      raw,
      problem,
      mark,
      settled ? 1 : 0,
    );
  }

  /** Stores an issue; `issue` is null where the file can't be read: state and edges stay as last known. */
  putIssue(
    name: string,
    raw: string,
    issue: Issue | null,
    problem: string | null,
    mark: string,
    settled: boolean,
  ): void {
    const state = issue === null ? (this.document('issues', name)?.state ?? null) : issue.state;
    this.sql(`INSERT OR REPLACE INTO documents VALUES ('issues', ?, ?, ?, ?, ?, ?, ?, ?)`).run(
      name,
      raw,
      problem,
      issue === null || isUnfinished(issue) ? 1 : 0,
      state,
      issue?.defer_until ? 1 : 0,
      mark,
      settled ? 1 : 0,
    );
    this.changed(name);
    if (issue === null) return;
    if (issue.conflicts.length > 0) this.sql('INSERT OR IGNORE INTO disputed VALUES (?)').run(name);
    if (!isUnfinished(issue)) {
      for (const label of issue.labels) {
        this.sql('INSERT OR IGNORE INTO finished_labels VALUES (?, ?, ?)').run(
          label,
          issue.state,
          name,
        );
      }
    }
    this.sql('DELETE FROM edges WHERE issue = ?').run(name);
    for (const target of issue.dependencies) {
      this.sql('INSERT OR IGNORE INTO edges VALUES (?, ?)').run(name, target);
    }
  }

  remove(folder: Folder, name: string): void {
    this.sql('DELETE FROM documents WHERE folder = ? AND name = ?').run(folder, name);
    if (folder === 'gates') return;
    this.sql('DELETE FROM edges WHERE issue = ?').run(name);
    this.changed(name);
  }

  /** What was known besides its row and edges no longer counts. */
  private changed(name: string): void {
    this.sql('DELETE FROM finished_labels WHERE issue = ?').run(name);
    this.sql('DELETE FROM disputed WHERE issue = ?').run(name);
    this.addUnsearched(name);
  }

  /** Notes that the full text is behind for an issue, once there is a full text. */
  private addUnsearched(name: string): void {
    this.sql(
      `INSERT OR IGNORE INTO unsearched
       SELECT ? WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'full_text')`,
    ).run(name);
  }

  setMark(folder: Folder, name: string, mark: string, settled: boolean): void {
    this.sql('UPDATE documents SET mark = ?, settled = ? WHERE folder = ? AND name = ?').run(
      mark,
      settled ? 1 : 0,
      folder,
      name,
    );
  }

  /** Issues whose readiness must be looked at by the next write: they changed from outside. */
  unsettled(): string[] {
    return this.sql('SELECT issue FROM unsettled').pluck().all() as string[];
  }

  addUnsettled(issue: string): void {
    this.sql('INSERT OR IGNORE INTO unsettled VALUES (?)').run(issue);
  }

  clearUnsettled(): void {
    this.sql('DELETE FROM unsettled').run();
  }

  /** Issues with values that lost in a merge. */
  disputed(): string[] {
    return this.sql('SELECT issue FROM disputed').pluck().all() as string[];
  }

  /** Circles of dependencies that came from outside. */
  cycles(): readonly (readonly string[])[] {
    const paths = this.sql('SELECT path FROM cycles').pluck().all() as string[];
    return paths.map((path): string[] => JSON.parse(path)); // written by setCycles
  }

  setCycles(cycles: readonly (readonly string[])[]): void {
    this.sql('DELETE FROM cycles').run();
    for (const path of cycles)
      this.sql('INSERT OR IGNORE INTO cycles VALUES (?)').run(JSON.stringify(path));
  }

  eventFiles(): EventFileRow[] {
    return this.sql('SELECT * FROM event_files').all() as EventFileRow[];
  }

  setEventFile(row: EventFileRow): void {
    this.sql('INSERT OR REPLACE INTO event_files VALUES (?, ?, ?, ?)').run(
      row.file,
      row.bytes,
      row.hash,
      row.mark,
    );
  }

  forgetEventFile(file: string): void {
    const comments = "SELECT DISTINCT issue FROM events WHERE file = ? AND type = 'comment_added'";
    for (const issue of this.sql(comments).pluck().all(file)) this.addUnsearched(String(issue));
    this.sql('DELETE FROM events WHERE file = ?').run(file);
    this.sql('DELETE FROM event_files WHERE file = ?').run(file);
  }

  putEvent(
    event: { id: string; issue: string | null; type: string },
    file: string,
    line: string,
  ): void {
    this.sql('INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)').run(
      event.id,
      event.issue,
      event.type,
      file,
      line,
    );
    if (event.type === 'comment_added' && event.issue !== null) this.addUnsearched(event.issue);
  }

  eventLines(filter: { issue?: string | undefined; type?: string | undefined }): string[] {
    const { issue = null, type = null } = filter;
    const where = issue === null ? '' : 'WHERE issue = @issue';
    const and = type === null ? '' : `${issue === null ? 'WHERE' : 'AND'} type = @type`;
    return this.sql(`SELECT line FROM events ${where} ${and} ORDER BY id`)
      .pluck()
      .all({ issue, type }) as string[];
  }

  lastEventLine(issue: string, types: readonly string[] | null): string | undefined {
    const among =
      types === null ? '' : `AND type IN (${types.map((type) => `'${type}'`).join(', ')})`;
    return this.sql(`SELECT line FROM events WHERE issue = ? ${among} ORDER BY id DESC LIMIT 1`)
      .pluck()
      .get(issue) as string | undefined;
  }

  /** The newest event id below a horizon. */
  newestEventId(horizon: string): string {
    const id = this.sql('SELECT max(id) FROM events WHERE id < ?').pluck().get(horizon);
    return typeof id === 'string' ? id : '';
  }

  transaction<T>(body: () => T): T {
    return this.db.transaction(body)();
  }

  close(): void {
    this.db.close();
  }
}
