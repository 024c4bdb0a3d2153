import type { Instant } from '../domain/holding.ts';
import { isGone, isVanished } from './errors.ts';
import { findDocumentChange, type Thoroughness } from './index/outside.ts';
import { refreshSearch } from './index/search-index.ts';
import type { LockLabel } from './journal/lock.ts';
import { StoreLock } from './journal/lock.ts';
import type { StateSnapshot } from './journal/state-db.ts';
import { pathsOf } from './journal/state-db.ts';
import type { Layout } from './layout.ts';
import { addDocument, type Layer } from './snapshot/layer.ts';
import { isIndexTrouble } from './sqlite.ts';
import type { WriteTx } from './store.ts';
import { TrackerFiles } from './tracker-files.ts';

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
export class StartOver extends Error {}

/** What reads and writes share: the files and databases of one `.jit`, opened when first needed, and its lock. */
export class OpenFiles {
  readonly options: StoreOptions;
  readonly lock: StoreLock;
  opened: TrackerFiles | null = null;

  constructor(options: StoreOptions) {
    this.options = options;
    this.lock = new StoreLock(options.layout, options.label);
  }

  get files(): TrackerFiles {
    if (this.opened !== null && !this.opened.isCurrent()) this.letGo();
    this.opened ??= new TrackerFiles(this.options.layout, this.options.origin);
    return this.opened;
  }

  /** Forgets what is open: `local/` was deleted or replaced. */
  private letGo(): void {
    this.opened?.close();
    this.opened = null;
  }

  /** Does something once more where `local/` went away under it, or with a new index where that is damaged. */
  mending<T>(action: () => T): T {
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

  /**
   * If the lock is free: finishes pending writes and takes outside changes into the index. What goes
   * wrong here is left to the next write, which says so; a read must not fail for it, unless the whole
   * tracker is gone.
   */
  tidy(now: Instant, thoroughness: Thoroughness = 'quick', search = false): boolean {
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
      if (isGone(error)) throw error;
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

  /** Looks at one issue's file for a command that shows it; what it finds goes into the layer. */
  freshen(
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

  close(): void {
    this.lock.close();
    this.letGo();
  }
}
