import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { newRecord } from '../domain/claims.ts';
import type { ClaimRecord, Instant } from '../domain/holding.ts';
import type { EventDelta } from './events/event-log.ts';
import { logFileStates, noteAppended, readEventDelta, takeInEvents } from './events/event-log.ts';
import { listNames, readDocument, tryParseIssue } from './files/documents.ts';
import { fileIdentity, stampOf } from './files/stamp.ts';
import { IndexDb } from './index/index-db.ts';
import { noteCycles } from './index/known-cycles.ts';
import type { FoundDocument, OutsideChanges, Thoroughness } from './index/outside.ts';
import { findOutsideChanges, isNothing, withoutEqual } from './index/outside.ts';
import { lostRecord, takeIn } from './index/take-in.ts';
import { applyEntry } from './journal/journal.ts';
import type { JournalEntry } from './journal/state-db.ts';
import { StateDb } from './journal/state-db.ts';
import { step } from './journal/steps.ts';
import type { Layout } from './layout.ts';
import { documentPath, FOLDERS, parseDocumentPath } from './layout.ts';
import { makeFolder } from './make-folder.ts';
import { addDocument, Layer } from './snapshot/layer.ts';

/** File systems over a network: their locks can't be trusted. Numbers of statfs(2). */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9p'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

/** The files and databases of one `.jit`, and the steps that keep them one truth (invariant FILES-ARE-TRUTH). */
export class TrackerFiles {
  readonly layout: Layout;
  private readonly findOrigin: () => string;
  private knownOrigin: string | null = null;
  readonly state: StateDb;
  private opened: IndexDb | null = null;
  private openedIdentity = '';

  constructor(layout: Layout, findOrigin: () => string) {
    this.layout = layout;
    this.findOrigin = findOrigin;
    makeFolder(layout.root, layout.tmp);
    refuseNetwork(layout.local);
    this.state = new StateDb(layout.stateDb, layout.tmp);
  }

  /** Names the machine and path of this `.jit`, as claims carry it. */
  get origin(): string {
    this.knownOrigin ??= this.findOrigin();
    return this.knownOrigin;
  }

  /** The index, opened if that has not been done yet, or null where it has to be made anew. */
  openIndex(): IndexDb | null {
    if (this.opened === null) {
      this.opened = IndexDb.open(this.layout.indexDb, this.state.storeId);
      this.openedIdentity = fileIdentity(this.layout.indexDb);
    }
    return this.opened;
  }

  /** True if `state.db` on disk is the opened one. */
  isCurrent(): boolean {
    return this.state.isCurrent();
  }

  /** Lets go of an opened index that is no longer the one on disk. Not to be called while it is read. */
  refreshIndex(): boolean {
    if (this.opened === null || fileIdentity(this.layout.indexDb) === this.openedIdentity)
      return false;
    this.opened.close();
    this.opened = null;
    return true;
  }

  /** Finishes writes that are durable but not in the files. The lock must be held. Returns those that still can't be. */
  recover(): JournalEntry[] {
    const pending = this.state.pending();
    makeFolder(this.layout.root, this.layout.tmp);
    for (const name of readdirSync(this.layout.tmp))
      rmSync(join(this.layout.tmp, name), { force: true });
    for (const [position, entry] of pending.entries()) {
      try {
        applyEntry(this.layout, entry, null);
      } catch (error) {
        if (error instanceof Error && 'code' in error) return pending.slice(position);
        throw error;
      }
      this.state.clear(entry.seq);
    }
    return [];
  }

  /** Makes the index agree with the files, building it if need be. The lock must be held. */
  absorb(now: Instant, skip: ReadonlySet<string>, thoroughness: Thoroughness): IndexDb {
    const index = this.openIndex() ?? this.build();
    const changes = withoutEqual(index, findOutsideChanges(index, this.layout, skip, thoroughness));
    if (!isNothing(changes)) index.transaction(() => takeIn(index, changes));
    this.restoreRecords(changes.documents, now);
    return index;
  }

  private build(): IndexDb {
    const fill = (index: IndexDb) => takeIn(index, this.everything());
    this.opened = IndexDb.create(this.layout.indexDb, this.state.storeId, fill);
    this.openedIdentity = fileIdentity(this.layout.indexDb);
    const readable = this.opened.unfinished().map((row) => tryParseIssue(row.raw, row.name).issue);
    this.restoreRecords(
      readable.flatMap((issue) =>
        issue === null ? [] : [{ folder: 'issues' as const, name: issue.id }],
      ),
      null,
    );
    return this.opened;
  }

  /** Every document, as found on disk for the first time. */
  private everything(): OutsideChanges {
    const documents: FoundDocument[] = [];
    for (const folder of FOLDERS) {
      for (const name of listNames(this.layout[folder])) {
        const path = join(this.layout[folder], `${name}.json`);
        const mark = stampOf(path)?.mark ?? '';
        documents.push({ folder, name, raw: readDocument(path), mark, settled: false });
      }
    }
    return { documents, restamped: [], folders: [], watchTurn: null };
  }

  /** A claim of this origin whose lease record is gone runs one full term from now on. */
  private restoreRecords(
    documents: readonly Pick<FoundDocument, 'folder' | 'name'>[],
    now: Instant | null,
  ): void {
    const lost: ClaimRecord[] = [];
    for (const { folder, name } of documents) {
      const row = folder === 'issues' ? this.opened?.document('issues', name) : undefined;
      const issue = row === undefined ? null : tryParseIssue(row.raw, name).issue;
      if (issue?.claim == null || !lostRecord(issue, this.state.record(name), this.origin))
        continue;
      const record = newRecord(issue, {
        assignee: issue.assignee ?? 'unknown',
        tokenHash: issue.claim.token_hash,
        ttlSecs: issue.claim.ttl_secs,
        now: now ?? this.buildTime,
      });
      lost.push({ ...record, since: issue.claim.since });
    }
    if (lost.length > 0) this.state.restoreRecords(lost);
  }

  /** When an index that has to be built was asked for. */
  buildTime: Instant = { wall: 0, uptime: 0, boot: '' };

  /** Brings new lines of the log into the index. The lock must be held. */
  absorbEvents(index: IndexDb): void {
    const delta = this.newEvents(index);
    if (delta.events.length + delta.files.length + delta.gone.length === 0) return;
    index.transaction(() => takeInEvents(index, delta));
  }

  /** Throws a damaged index away: the files are the truth. The lock must be held. */
  dropIndex(): void {
    this.opened?.close();
    this.opened = null;
    for (const ending of ['', '-wal', '-shm'])
      rmSync(`${this.layout.indexDb}${ending}`, { force: true });
  }

  newEvents(index: IndexDb | null): EventDelta {
    return readEventDelta(index, this.layout);
  }

  /** Puts a durable write into files and index. The lock must be held. */
  apply(entry: JournalEntry, staged: readonly string[], index: IndexDb): void {
    const before = logFileStates(this.layout, Object.keys(entry.events));
    applyEntry(this.layout, entry, staged);
    index.transaction(() => {
      for (const file of entry.files) this.indexFile(index, file.path, file.after);
      noteAppended(index, this.layout, entry.events, before);
      noteCycles(index, []);
      index.clearUnsettled();
    });
    step('indexed');
    this.state.clear(entry.seq);
    step('cleared');
  }

  private indexFile(index: IndexDb, path: string, raw: string | null): void {
    const place = parseDocumentPath(path);
    if (place === null) return;
    const { folder, name } = place;
    const mark = stampOf(join(this.layout.root, documentPath(folder, name)))?.mark;
    if (raw === null || mark === undefined) index.remove(folder, name);
    else if (folder === 'gates') index.putGate(name, raw, null, mark, false);
    else index.putIssue(name, raw, tryParseIssue(raw, name).issue, null, mark, false);
  }

  close(): void {
    this.opened?.close();
    this.state.close();
  }
}

/** Every document straight from disk, for times when there is no index to be had. */
export function layerOfFiles(layout: Layout): Layer {
  const layer = new Layer();
  for (const folder of FOLDERS) {
    for (const name of listNames(layout[folder])) {
      addDocument(layer, folder, name, readDocument(join(layout[folder], `${name}.json`)));
    }
  }
  return layer;
}

function refuseNetwork(local: string): void {
  const kind = NETWORK_FILE_SYSTEMS.get(statfsSync(local).type);
  if (kind === undefined) return;
  throw new JitError(
    'external',
    'NETWORK_FILE_SYSTEM',
    `${local} is on ${kind}: its locks can't be trusted`,
    {
      hint: 'Keep .jit on a local disk and reach it over ssh (tracker.command in dispatch.toml).',
      details: { file_system: kind },
    },
  );
}
