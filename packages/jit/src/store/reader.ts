import type { Instant } from '../domain/holding.ts';
import type { TrackerFacts } from '../domain/validation/tracker-facts.ts';
import { cannotRead, isDiskTrouble } from './errors.ts';
import { readEventDelta } from './events/event-log.ts';
import type { Thoroughness } from './index/outside.ts';
import { findOutsideChanges, isNothing, withoutEqual } from './index/outside.ts';
import { pathsOf } from './journal/state-db.ts';
import { type OpenFiles, StartOver } from './open-files.ts';
import type { Seen } from './snapshot/gather-facts.ts';
import { driftedFiles, gatherFacts } from './snapshot/gather-facts.ts';
import { type Layer, layerOfFound, layerOfPending } from './snapshot/layer.ts';
import { Snapshot } from './snapshot/snapshot.ts';
import { layerOfFiles, type TrackerFiles } from './tracker-files.ts';

/** What one try at a read came to; `tidied`: the store was brought up to date, try again. */
type Reading<T> = { readonly kind: 'read'; readonly value: T } | { readonly kind: 'tidied' };

/** A read that met this many writes in a row waits for the lock instead. */
const MAX_RESTARTS = 25;

/** Reads one snapshot. Waits for no lock, and changes no tracked file. */
export class Reader {
  private readonly base: OpenFiles;

  constructor(base: OpenFiles) {
    this.base = base;
  }

  /** Gives the snapshot to `body`; `full` compares every file with the index before. */
  read<T>(thoroughness: Thoroughness, body: (tx: Snapshot, seen: Seen) => T): T {
    try {
      return this.base.mending(() => this.readOnce(thoroughness, body));
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
      return this.readDespite(body);
    }
  }

  /** Compares every file with the index, and mends the index where the lock is free. */
  inspect(): TrackerFacts {
    this.read('quick', () => undefined);
    const { layout } = this.base.options;
    const { facts, changed } = this.read('full', (snapshot, seen) => ({
      facts: gatherFacts(snapshot, layout, seen),
      changed: seen.documents.length > 0,
    }));
    return { ...facts, pending: this.mend(changed ? 'full' : 'quick') };
  }

  /** Brings the index up to date if the lock is free. Returns what can't be brought into the files, if that is known. */
  private mend(thoroughness: Thoroughness): readonly (readonly string[])[] {
    if (this.base.opened === null || !this.base.tidy(this.base.options.clock(), thoroughness))
      return [];
    return this.base.opened.state.pending().map((entry) => entry.files.map((file) => file.path));
  }

  /** The answer where `local/` is of no use: from the files, and from the journal if that can be had. */
  private readDespite<T>(body: (tx: Snapshot, seen: Seen) => T): T {
    for (let restarts = 0; restarts < MAX_RESTARTS; restarts += 1) {
      try {
        return this.readFilesAlone(this.base.opened, body);
      } catch (error) {
        if (error instanceof StartOver) continue;
        if (!isDiskTrouble(error)) throw error;
        break;
      }
    }
    try {
      return this.readFilesAlone(null, body);
    } catch (error) {
      throw cannotRead(error, this.base.options.layout.root);
    }
  }

  private readOnce<T>(thoroughness: Thoroughness, body: (tx: Snapshot, seen: Seen) => T): T {
    let tidied = thoroughness === 'full';
    for (let restarts = 0; ; restarts += 1) {
      const patient = restarts > MAX_RESTARTS;
      if (patient) this.base.lock.take(this.base.options.lockTimeoutMs);
      try {
        const now = this.base.options.clock();
        const { files } = this.base;
        files.refreshIndex();
        const outcome: Reading<T> = this.tryRead(files, now, body, patient || tidied, thoroughness);
        if (outcome.kind === 'read') return outcome.value;
        tidied = outcome.kind === 'tidied';
      } catch (error) {
        if (!(error instanceof StartOver)) throw error;
      } finally {
        if (patient) this.base.lock.release();
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
      if (this.base.tidy(now)) return { kind: 'tidied' };
      return { kind: 'read', value: this.readFilesAlone(this.base.opened, body) };
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
        freshen: (id) => this.base.freshen(files, state, skip, found, id),
        loadEvents: events.load,
      });
      const seen = { documents: changes.documents, drifted: driftedFiles(index, changes) };
      const value = body(snapshot, seen);
      return { untidy: false, value, newEvents: events.found(), search: snapshot.isSearchBehind };
    })();
    if (reading.untidy) {
      this.base.tidy(now);
      return { kind: 'tidied' };
    }
    if (reading.newEvents || reading.search) this.base.tidy(now, 'quick', reading.search);
    return { kind: 'read', value: reading.value as T }; // set whenever untidy is false
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
    const { layout, origin, clock } = this.base.options;
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
}
