import { JitError } from '@jit/contract/errors';
import type { ClaimRecord } from '../../domain/holding.ts';
import { randomBytes } from '../../platform/crypto.ts';
import { lockLost, stateDamaged } from '../errors.ts';
import { fileIdentity } from '../files/stamp.ts';
import type { Database, Statement } from '../sqlite.ts';
import { isDamaged, makeSqlite, openSqlite } from '../sqlite.ts';

/** The newest layout of state.db that this program knows. It is migrated, never dropped. */
const STATE_VERSION = 1;

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL);
  CREATE TABLE claims (
    issue TEXT PRIMARY KEY, attempt INTEGER NOT NULL, token_hash TEXT NOT NULL,
    assignee TEXT NOT NULL, since TEXT NOT NULL, ttl_secs REAL,
    expires_at REAL, expires_uptime REAL, boot TEXT NOT NULL,
    ended_at TEXT, ended_reason TEXT
  ) WITHOUT ROWID;
  CREATE INDEX live_claims ON claims (issue) WHERE ended_at IS NULL;
`;

/** What a new state.db holds: no entry, no claim, and an id of its own. */
function schemaOfNew(): string {
  const storeId = randomBytes(8).toString('hex');
  return `${SCHEMA}
    INSERT INTO meta VALUES ('store_id', '${storeId}'), ('seq', '0'), ('last_event', '');
    PRAGMA user_version = ${STATE_VERSION};`;
}

/** One file of a journal entry: its content as it was read, and the new one. Null: absent. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Everything one write does to tracked files. */
export interface JournalEntry {
  readonly seq: number;
  readonly files: readonly FileChange[];
  /** Event lines by month file, e.g. `events/2026-11.jsonl`. */
  readonly events: Readonly<Record<string, readonly string[]>>;
}

/** The documents that entries are about, as paths inside `.jit`. */
export function pathsOf(entries: readonly JournalEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap((entry) => entry.files.map((file) => file.path)));
}

/** One consistent look at state.db. */
export interface StateSnapshot {
  readonly seq: number;
  readonly pending: readonly JournalEntry[];
  readonly live: ReadonlyMap<string, ClaimRecord>;
}

/** The write journal and the leases. The commit of a journal entry is the durable point of a write. */
export class StateDb {
  /** Changes when state.db is made anew; an index of another one is not trusted. */
  readonly storeId: string;
  private readonly db: Database;
  private recordOf: Statement | undefined;
  private readonly path: string;
  private readonly identity: string;

  /** @param tmp folder for a new file while it is made */
  constructor(path: string, tmp: string) {
    this.path = path;
    makeSqlite(path, tmp, schemaOfNew());
    this.db = openSqlite(path, { timeout: 5000 });
    try {
      this.storeId = this.guarded(() => this.prepare());
    } catch (error) {
      this.db.close();
      throw error;
    }
    this.identity = fileIdentity(path);
  }

  /** Brings the file to this version and returns the id of the store. */
  private prepare(): string {
    this.db.pragma('journal_mode = WAL');
    const version = this.db.pragma('user_version', { simple: true });
    if (version === 0) this.create();
    else if (typeof version === 'number' && version > STATE_VERSION) throw newerState(version);
    return this.meta('store_id') ?? '';
  }

  /** True if the path still names the opened file. */
  isCurrent(): boolean {
    return fileIdentity(this.path) === this.identity;
  }

  /** Errors: STATE_DAMAGED (exit 10) where the file is no database or a broken one. */
  private guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw isDamaged(error) ? stateDamaged(error, this.path) : error;
    }
  }

  private create(): void {
    this.db.exec('BEGIN IMMEDIATE');
    if (this.db.pragma('user_version', { simple: true }) === 0) this.db.exec(schemaOfNew());
    this.db.exec('COMMIT');
  }

  private meta(key: string): string | undefined {
    const value = this.db.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
    return typeof value === 'string' ? value : undefined;
  }

  private setMeta(key: string, value: string): void {
    this.db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(key, value);
  }

  /** The number of the newest committed write. */
  seq(): number {
    return this.guarded(() => Number(this.meta('seq') ?? 0));
  }

  /** The id of the newest event this clone has written: new ids lie above it. */
  lastEvent(): string {
    return this.meta('last_event') ?? '';
  }

  snapshot(): StateSnapshot {
    const take = this.db.transaction(() => ({
      seq: this.seq(),
      pending: this.pending(),
      live: new Map(this.liveRecords().map((record) => [record.issue, record])),
    }));
    return this.guarded(take);
  }

  /** Entries that are durable but not yet known to be in the files, oldest first. */
  pending(): JournalEntry[] {
    const query = 'SELECT seq, entry FROM journal ORDER BY seq';
    const rows = this.guarded(() => this.db.prepare(query).all());
    return (rows as { seq: number; entry: string }[]).map((row) => ({
      ...JSON.parse(row.entry),
      seq: row.seq,
    }));
  }

  record(issue: string): ClaimRecord | undefined {
    const row = this.guarded(() => {
      // A list asks for that of many issues.
      this.recordOf ??= this.db.prepare('SELECT * FROM claims WHERE issue = ?');
      return this.recordOf.get(issue);
    });
    return row === undefined ? undefined : toRecord(row as ClaimRow);
  }

  private liveRecords(): ClaimRecord[] {
    const rows = this.db.prepare('SELECT * FROM claims WHERE ended_at IS NULL').all();
    return (rows as ClaimRow[]).map(toRecord);
  }

  /**
   * Commits one write: its journal entry (where files or events change) and its claim records. When
   * this returns, the write is durable. Returns the entry, or null where no file changes. Errors:
   * LOCK_LOST where `basis` is no longer the number of the newest write.
   */
  commit(
    change: Omit<JournalEntry, 'seq'>,
    records: Iterable<ClaimRecord>,
    lastEvent: string,
    basis: number,
  ): JournalEntry | null {
    const touchesFiles = change.files.length > 0 || Object.keys(change.events).length > 0;
    const commit = this.db.transaction(() => {
      if (this.seq() !== basis) throw lockLost();
      const seq = basis + 1;
      this.setMeta('seq', String(seq));
      if (lastEvent !== '') this.setMeta('last_event', lastEvent);
      for (const record of records) this.putRecord(record);
      if (!touchesFiles) return null;
      this.db.prepare('INSERT INTO journal VALUES (?, ?)').run(seq, JSON.stringify(change));
      return { ...change, seq };
    });
    return this.guarded(() => {
      this.db.pragma('synchronous = FULL');
      return commit.immediate();
    });
  }

  /** Adds records that were lost, without a journal entry. */
  restoreRecords(records: Iterable<ClaimRecord>): void {
    const restore = this.db.transaction(() => {
      for (const record of records) this.putRecord(record);
    });
    this.guarded(() => restore.immediate());
  }

  private putRecord(record: ClaimRecord): void {
    this.db
      .prepare('INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        record.issue,
        record.attempt,
        record.token_hash,
        record.assignee,
        record.since,
        record.ttl_secs,
        record.expires_at,
        record.expires_uptime,
        record.boot,
        record.ended?.at ?? null,
        record.ended?.reason ?? null,
      );
  }

  /** Forgets an entry whose files are in place and synced. Losing this only repeats work that changes nothing. */
  clear(seq: number): void {
    this.guarded(() => {
      this.db.pragma('synchronous = NORMAL');
      this.db.prepare('DELETE FROM journal WHERE seq = ?').run(seq);
    });
  }

  close(): void {
    this.db.close();
  }
}

interface ClaimRow {
  issue: string;
  attempt: number;
  token_hash: string;
  assignee: string;
  since: string;
  ttl_secs: number | null;
  expires_at: number | null;
  expires_uptime: number | null;
  boot: string;
  ended_at: string | null;
  ended_reason: string | null;
}

function toRecord(row: ClaimRow): ClaimRecord {
  const { ended_at, ended_reason, ...rest } = row;
  return {
    ...rest,
    ended: ended_at === null ? null : { at: ended_at, reason: ended_reason ?? 'ended' },
  };
}

function newerState(version: number): JitError {
  return new JitError(
    'invalid',
    'NEWER_SCHEMA',
    `.jit/local/state.db has version ${version}, this jit knows ${STATE_VERSION}`,
    {
      hint: 'Use the newer jit that wrote it. Nothing was changed.',
      details: { version, known: STATE_VERSION },
    },
  );
}
