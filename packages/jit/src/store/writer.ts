import { cannotWrite, isDiskTrouble, isVanished, lockLost, writePending } from './errors.ts';
import { horizonOf } from './events/ulids.ts';
import { stage } from './journal/journal.ts';
import type { JournalEntry } from './journal/state-db.ts';
import { pathsOf } from './journal/state-db.ts';
import { step } from './journal/steps.ts';
import type { OpenFiles } from './open-files.ts';
import { Layer, layerOfPending } from './snapshot/layer.ts';
import type { Outcome } from './snapshot/write-tx.ts';
import { OpenWrite } from './snapshot/write-tx.ts';
import type { TrackerFiles } from './tracker-files.ts';

/** A write that holds the lock until `end`; nothing of it is kept without `commit`. */
export interface WriteSession {
  readonly write: OpenWrite;
  readonly commit: () => void;
  readonly end: () => void;
}

/** Writes: holds the lock from the first read to the last sync (invariant ONE-LOCK). */
export class Writer {
  private readonly base: OpenFiles;

  constructor(base: OpenFiles) {
    this.base = base;
  }

  /** Takes the lock and brings everything up to date. Errors: LOCK_TIMEOUT (75), CANNOT_WRITE (5, 10). */
  open(): WriteSession {
    try {
      return this.base.mending(() => this.begin());
    } catch (error) {
      throw isDiskTrouble(error) ? cannotWrite(error, this.base.options.layout.local) : error;
    }
  }

  private begin(): WriteSession {
    const { actor } = this.base.options.label;
    this.base.files.openIndex(); // as much as can be done without the lock is done before it
    this.base.lock.take(this.base.options.lockTimeoutMs);
    const end = () => this.base.lock.release();
    try {
      step('locked');
      const { files } = this.base;
      files.refreshIndex();
      const now = this.base.options.clock();
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
          freshen: (id) => this.base.freshen(files, state, skip, found, id),
          loadEvents: () => {},
        },
        {
          actor,
          clock: this.base.options.clock,
          lastEvent,
          unsettled: [...index.unsettled(), ...index.deferred()],
          advance: this.base.options.advance,
        },
      );
      write.part((tx) => {
        write.noteMerges();
        this.base.options.settle(tx);
      });
      const commit = () => this.commit(files, write, skip, state.seq);
      return { write, commit, end };
    } catch (error) {
      end();
      throw error;
    }
  }

  private commit(
    files: TrackerFiles,
    write: OpenWrite,
    stuck: ReadonlySet<string>,
    basis: number,
  ): void {
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
      // Writes of one file keep their order; what is about other files need not wait.
      if (changed.some(({ path }) => stuck.has(path)))
        throw new Error('an earlier write could not be brought into the files yet');
      const index = files.openIndex();
      if (index === null) throw new Error('the index is gone');
      files.apply(entry, staged, index);
    } catch (error) {
      throw writePending(error);
    }
  }

  private makeDurable(files: TrackerFiles, outcome: Outcome, basis: number): JournalEntry | null {
    if (!this.base.lock.isSound() || !files.isCurrent()) throw lockLost();
    try {
      return files.state.commit(outcome.change, outcome.records, outcome.lastEvent, basis);
    } catch (error) {
      if (isVanished(error)) throw lockLost();
      throw cannotWrite(error, files.layout.stateDb);
    }
  }
}
