import type { Instant } from '../domain/holding.ts';
import type { TrackerFacts } from '../domain/validation/tracker-facts.ts';
import { cannotWrite, isDiskTrouble, isVanished, lockLost, writePending } from './errors.ts';
import { MonthFilesFeed } from './events/event-feed.ts';
import { readEventDelta } from './events/event-log.ts';
import { horizonOf } from './events/ulids.ts';
import type { Thoroughness } from './index/outside.ts';
import {
  findDocumentChange,
  findOutsideChanges,
  isNothing,
  withoutEqual,
} from './index/outside.ts';
import { refreshSearch } from './index/search-index.ts';
import { stage } from './journal/journal.ts';
import type { LockLabel } from './journal/lock.ts';
import { StoreLock } from './journal/lock.ts';
import type { JournalEntry, StateSnapshot } from './journal/state-db.ts';
import { pathsOf } from './journal/state-db.ts';
import { step } from './journal/steps.ts';
import type { Layout } from './layout.ts';
import type { Seen } from './snapshot/gather-facts.ts';
import { driftedFiles, gatherFacts } from './snapshot/gather-facts.ts';
import { addDocument, Layer, layerOfFound, layerOfPending } from './snapshot/layer.ts';
import { Snapshot } from './snapshot/snapshot.ts';
import type { Outcome } from './snapshot/write-tx.ts';
import { OpenWrite } from './snapshot/write-tx.ts';
import { isIndexTrouble } from './sqlite.ts';
import type {
  ChangeWatch,
  EventFeed,
  GroupingStore,
  ReadTx,
  Store,
  WriteGroup,
  WriteTx,
} from './store.ts';
import { layerOfFiles, TrackerFiles } from './tracker-files.ts';
import { Watches } from './watches.ts';

/** What a store is opened with. */
export interface StoreOptions {
  readonly layout: Layout;
  /** Names the machine and path of this `.jit`; asked for only where claims are concerned. */
  readonly origin: () => string;
  readonly clock: () => Instant;
  readonly label: LockLabel;
  /** How long a write waits for the lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Runs at the start of every write: ends the claims whose lease is over. */
  readonly settle: (tx: WriteTx) => void;
  /** Runs for gated issues that a write may have freed: makes them done when nothing holds them back. */
  readonly advance: (tx: WriteTx, id: string) => void;
}

/** Thrown inside a read to take it from the top: a write was committed meanwhile. */
class StartOver extends Error {}

/** What one try at a read came to; `tidied`: the store was brought up to date, try again. */
type Reading<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'tidied' };

/** A read that met this many writes in a row waits for the lock instead. */
const MAX_RESTARTS = 25;

/** Opens the tracker in a `.jit`. Nothing is touched before the first read or write. */
export function openStore(options: StoreOptions): GroupingStore {
  return new FileStore(options);
}

/** Reads wait for no lock; a write holds it from its first read to its last sync (invariant ONE-LOCK). */
class FileStore implements GroupingStore {
  private readonly options: StoreOptions;
  private readonly lock: StoreLock;
  private readonly watches: Watches;
  private opened: TrackerFiles | null = null;

  constructor(options: StoreOptions) {
    this.options = options;
    this.lock = new StoreLock(options.layout, options.label);
    this.watches = new Watches(options.layout);
  }

  private get files(): TrackerFiles {
    if (this.opened !== null && !this.opened.isCurrent()) this.letGo();
    this.opened ??= new TrackerFiles(this.options.layout, this.options.origin);
    return this.opened;
  }

  /** Forgets what is open: `local/` was deleted or replaced. */
  private letGo(): void {
    this.opened?.close();
    this.opened = null;
  }

  read<T>(body: (tx: ReadTx) => T): T {
    return this.readAs('quick', body);
  }

  inspect(): TrackerFacts {
    this.read(() => undefined);
    const { layout } = this.options;
    const { facts, changed } = this.readAs('full', (snapshot, seen) => ({
      facts: gatherFacts(snapshot, layout, seen),
      changed: seen.documents.length > 0,
    }));
    return { ...facts, pending: this.mend(changed ? 'full' : 'quick') };
  }

  /** Brings the index up to date if the lock is free. Returns what can't be brought into the files, if that is known. */
  private mend(thoroughness: Thoroughness): readonly (readonly string[])[] {
    if (this.opened === null || !this.tidy(this.options.clock(), thoroughness)) return [];
    return this.opened.state.pending().map((entry) => entry.files.map((file) => file.path));
  }

  feed(): EventFeed {
    return new MonthFilesFeed(this.options.layout);
  }

  watch(): ChangeWatch {
    return this.watches.begin();
  }

  private readAs<T>(thoroughness: Thoroughness, body: (tx: Snapshot, seen: Seen) => T): T {
    try {
      return this.mending(() => this.readOnce(thoroughness, body));
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
      return this.readDespite(body);
    }
  }

  /** The answer where `local/` is of no use: from the files, and from the journal if that can be had. */
  private readDespite<T>(body: (tx: Snapshot, seen: Seen) => T): T {
    for (let restarts = 0; restarts < MAX_RESTARTS; restarts += 1) {
      try {
        return this.readFilesAlone(this.opened, body);
      } catch (error) {
        if (error instanceof StartOver) continue;
        if (!isDiskTrouble(error)) throw error;
        break;
      }
    }
    return this.readFilesAlone(null, body);
  }

  /** Does something once more where `local/` went away under it, or with a new index where that is damaged. */
  private mending<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (isVanished(error)) {
        this.lock.close();
        this.letGo();
        return action();
      }
      if (!isIndexTrouble(error)) throw error;
      const { files } = this;
      if (files.refreshIndex()) return action();
      this.lock.take(this.options.lockTimeoutMs);
      try {
        files.dropIndex();
      } finally {
        this.lock.release();
      }
      return action();
    }
  }

  private readOnce<T>(thoroughness: Thoroughness, body: (tx: Snapshot, seen: Seen) => T): T {
    let tidied = thoroughness === 'full';
    for (let restarts = 0; ; restarts += 1) {
      const patient = restarts > MAX_RESTARTS;
      if (patient) this.lock.take(this.options.lockTimeoutMs);
      try {
        const now = this.options.clock();
        const { files } = this;
        files.refreshIndex();
        const outcome: Reading<T> = this.tryRead(files, now, body, patient || tidied, thoroughness);
        if (outcome.kind === 'read') return outcome.value;
        tidied = outcome.kind === 'tidied';
      } catch (error) {
        if (!(error instanceof StartOver)) throw error;
      } finally {
        if (patient) this.lock.release();
      }
    }
  }

  private tryRead<T>(
    files: TrackerFiles,
    now: Instant,
    body: (tx: Snapshot, seen: Seen) => T,
    tidied: boolean,
    thoroughness: Thoroughness,
  ): Reading<T> {
    const state = files.state.snapshot();
    const skip = pathsOf(state.pending);
    const index = files.openIndex();
    if (index === null) {
      if (this.tidy(now)) return { kind: 'tidied' };
      return { kind: 'read', value: this.readFilesAlone(this.opened, body) };
    }
    const reading = index.db.transaction(() => {
      const changes = withoutEqual(
        index,
        findOutsideChanges(index, files.layout, skip, thoroughness),
      );
      if (files.state.seq() !== state.seq) throw new StartOver();
      const untidy = state.pending.length > 0 || !isNothing(changes);
      if (untidy && !tidied) return { untidy };
      const found = layerOfFound(changes.documents);
      const layers = [layerOfPending(state.pending), found];
      const events = this.eventLoader(files, found);
      const snapshot = new Snapshot({
        index,
        layers,
        records: { live: state.live, record: (id) => files.state.record(id) },
        instant: now,
        origin: () => files.origin,
        freshen: (id) => this.freshen(files, state, skip, found, id),
        loadEvents: events.load,
      });
      const seen = { documents: changes.documents, drifted: driftedFiles(index, changes) };
      const value = body(snapshot, seen);
      return { untidy: false, value, newEvents: events.found(), search: snapshot.isSearchBehind };
    })();
    if (reading.untidy) {
      this.tidy(now);
      return { kind: 'tidied' };
    }
    if (reading.newEvents || reading.search) this.tidy(now, 'quick', reading.search);
    return { kind: 'read', value: reading.value as T }; // set whenever untidy is false
  }

  /**
   * If the lock is free: finishes pending writes and takes outside changes into the index. What goes
   * wrong here is left to the next write, which says so; a read must not fail for it.
   */
  private tidy(now: Instant, thoroughness: Thoroughness = 'quick', search = false): boolean {
    const { lock } = this;
    if (lock.isHeld) return false;
    try {
      if (!lock.tryTake()) return false;
    } catch {
      return false;
    }
    try {
      const { files } = this;
      files.refreshIndex();
      files.buildTime = now;
      const pending = files.recover();
      const index = files.absorb(now, pathsOf(pending), thoroughness);
      files.absorbEvents(index);
      if (search) refreshSearch(index);
      return true;
    } catch (error) {
      if (isIndexTrouble(error)) this.dropQuietly();
      return false;
    } finally {
      lock.release();
    }
  }

  private dropQuietly(): void {
    try {
      this.opened?.dropIndex();
    } catch {
      // A full disk or a missing right: the read goes on without an index.
    }
  }

  private freshen(
    files: TrackerFiles,
    state: StateSnapshot,
    skip: ReadonlySet<string>,
    layer: Layer,
    id: string,
  ): void {
    const index = files.openIndex();
    if (index === null || skip.has(`issues/${id}.json`)) return;
    const change = findDocumentChange(index, files.layout, 'issues', id);
    if (change === null) return;
    if (change.raw === (index.document('issues', id)?.raw ?? null)) return;
    if (files.state.seq() !== state.seq) throw new StartOver();
    addDocument(layer, 'issues', id, change.raw);
  }

  private eventLoader(files: TrackerFiles, layer: Layer) {
    let loaded = false;
    let found = false;
    return {
      found: () => found,
      load: () => {
        if (loaded) return;
        loaded = true;
        const delta = files.newEvents(files.openIndex());
        found = delta.files.length > 0;
        for (const { event } of delta.events) layer.addEvent(event);
      },
    };
  }

  /** The answer from the files alone, where the index can't be had or written. */
  private readFilesAlone<T>(files: TrackerFiles | null, body: (tx: Snapshot, seen: Seen) => T): T {
    const { layout, origin, clock } = this.options;
    const state = files?.state.snapshot();
    const layer = layerOfFiles(layout);
    const pending = layerOfPending(state?.pending ?? []);
    let loaded = false;
    const snapshot = new Snapshot({
      index: null,
      layers: [layer, pending],
      records: { live: state?.live ?? new Map(), record: (id) => files?.state.record(id) },
      instant: clock(),
      origin,
      freshen: () => {},
      loadEvents: () => {
        if (loaded) return;
        loaded = true;
        for (const { event } of readEventDelta(null, layout).events) layer.addEvent(event);
      },
    });
    if (state !== undefined && files?.state.seq() !== state.seq) throw new StartOver();
    return body(snapshot, { documents: [], drifted: [] });
  }

  write<T>(body: (tx: WriteTx) => T): T {
    const session = this.beginOrSay();
    try {
      const result = session.write.part(body);
      session.commit();
      return result;
    } finally {
      session.end();
    }
  }

  rehearse<T>(body: (tx: WriteTx) => T): T {
    const { label, clock, settle, advance } = this.options;
    return this.readAs('quick', ({ parts }) => {
      const facts = { actor: label.actor, clock, lastEvent: '', unsettled: [], advance };
      const write = new OpenWrite(parts, facts);
      write.part(settle);
      return write.part(body);
    });
  }

  openGroup(): WriteGroup {
    const session = this.beginOrSay();
    const storeFor = (actor: string): Store => ({
      read: (body) => body(session.write),
      write: (body) => session.write.part(body, actor),
      rehearse: (body) => session.write.rehearse(body, actor),
      inspect: () =>
        gatherFacts(session.write, this.options.layout, { documents: [], drifted: [] }),
      feed: () => this.feed(),
      watch: () => this.watch(),
      close: () => {},
    });
    const ending = (last: () => void) => () => {
      try {
        last();
      } finally {
        session.end();
      }
    };
    return { storeFor, commit: ending(() => session.commit()), rollback: ending(() => {}) };
  }

  private beginOrSay() {
    try {
      return this.mending(() => this.begin());
    } catch (error) {
      throw isDiskTrouble(error) ? cannotWrite(error, this.options.layout.local) : error;
    }
  }

  private begin(): { write: OpenWrite; commit: () => void; end: () => void } {
    const { actor } = this.options.label;
    this.files.openIndex(); // as much as can be done without the lock is done before it
    this.lock.take(this.options.lockTimeoutMs);
    const end = () => this.lock.release();
    try {
      step('locked');
      const { files } = this;
      files.refreshIndex();
      const now = this.options.clock();
      files.buildTime = now;
      const pending = files.recover();
      const skip = pathsOf(pending);
      const index = files.absorb(now, skip, 'quick');
      files.absorbEvents(index);
      const state = files.state.snapshot();
      const found = new Layer();
      const horizon = horizonOf(now.wall);
      const own = files.state.lastEvent();
      const newest = index.newestEventId(horizon);
      const lastEvent = own > newest && own < horizon ? own : newest;
      const write = new OpenWrite(
        {
          index,
          layers: [layerOfPending(pending), found],
          records: { live: state.live, record: (id) => files.state.record(id) },
          instant: now,
          origin: () => files.origin,
          freshen: (id) => this.freshen(files, state, skip, found, id),
          loadEvents: () => {},
        },
        {
          actor,
          clock: this.options.clock,
          lastEvent,
          unsettled: [...index.unsettled(), ...index.deferred()],
          advance: this.options.advance,
        },
      );
      write.part((tx) => {
        write.noteMerges();
        this.options.settle(tx);
      });
      const commit = () => this.commit(files, write, pending.length > 0, state.seq);
      return { write, commit, end };
    } catch (error) {
      end();
      throw error;
    }
  }

  private commit(files: TrackerFiles, write: OpenWrite, queued: boolean, basis: number): void {
    const outcome = write.outcome();
    step('decided');
    const { files: changed, events } = outcome.change;
    if (changed.length === 0 && Object.keys(events).length === 0 && outcome.records.length === 0)
      return;
    let staged: string[];
    try {
      staged = stage(files.layout, changed, Object.keys(events));
      step('staged');
    } catch (error) {
      throw cannotWrite(error, files.layout.tmp);
    }
    const entry = this.makeDurable(files, outcome, basis);
    step('journaled');
    if (entry === null) return;
    try {
      if (queued) throw new Error('an earlier write could not be brought into the files yet');
      const index = files.openIndex();
      if (index === null) throw new Error('the index is gone');
      files.apply(entry, staged, index);
    } catch (error) {
      throw writePending(error);
    }
  }

  private makeDurable(files: TrackerFiles, outcome: Outcome, basis: number): JournalEntry | null {
    if (!this.lock.isSound() || !files.isCurrent()) throw lockLost();
    try {
      return files.state.commit(outcome.change, outcome.records, outcome.lastEvent, basis);
    } catch (error) {
      if (isVanished(error)) throw lockLost();
      throw cannotWrite(error, files.layout.stateDb);
    }
  }

  close(): void {
    this.watches.close();
    this.lock.close();
    this.opened?.close();
    this.opened = null;
  }
}
