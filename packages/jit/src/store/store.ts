import type { StoredState } from '@jit/contract/vocabulary';
import type { Event, EventDraft } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { GateRun } from '../domain/gate-run.ts';
import type { ClaimRecord, Holding, Instant } from '../domain/holding.ts';
import type { Issue, MergeConflict } from '../domain/issue.ts';
import type { ReadinessFacts } from '../domain/readiness.ts';
import type { SearchWord } from '../domain/search.ts';
import type { TrackerFacts } from '../domain/validation/tracker-facts.ts';

/** A file of the tracker that can't be used, and why. */
export interface UnreadableFile {
  /** Path inside `.jit`, e.g. `issues/7kq2m9xw4d.json`. */
  readonly path: string;
  /** The id or key that the file's name says. */
  readonly subject: string;
  readonly problem: string;
}

/** What merges left behind that nobody has settled yet. */
export interface MergeTraces {
  /** Dependencies that run in a circle, as `[a, b, …, a]`. */
  readonly cycles: readonly (readonly string[])[];
  /** Documents with values that lost in a merge. In a write: those it found, and notes in the log. */
  readonly disputed: readonly Dispute[];
}

/** A document with values that lost in a merge. */
export interface Dispute {
  readonly folder: 'issues' | 'gates';
  /** The issue's id or the gate's key. */
  readonly subject: string;
  readonly conflicts: readonly MergeConflict[];
}

/** Which events are wanted; every given part must fit. */
export interface EventFilter {
  readonly issue?: string | undefined;
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  /** RFC 3339: events at or after this time. */
  readonly since?: string | undefined;
}

/**
 * One consistent picture of the tracker. Issues are *settled*: a claim whose lease is over has ended
 * in them, a claim that git set back is there again.
 */
export interface ReadTx extends ReadinessFacts {
  readonly instant: Instant;
  /** Names the machine and path of this `.jit`, as claims carry it. */
  readonly origin: string;

  /** The full id that a text means: an exact id, else a unique prefix of at least 4 characters. Errors: NOT_FOUND, AMBIGUOUS_ID. */
  resolve(ref: string): string;
  /** The issue with this full id. Errors: UNREADABLE (exit 4) where its file can't be used. */
  issue(id: string): Issue | undefined;
  /** The issue, or NOT_FOUND. */
  mustHave(id: string): Issue;
  /** Every unfinished issue (open, in progress, gated), in the order of ids. */
  unfinished(): readonly Issue[];
  /** Every issue, in the order of ids. */
  all(): readonly Issue[];
  /** Every readable issue as its file has it, not settled, in the order of ids. */
  filed(): readonly Issue[];
  /** How many finished issues there are in each state, without reading them. */
  finishedCounts(): ReadonlyMap<StoredState, number>;
  /** How many finished issues carry each label, by state, without reading them. */
  finishedLabels(): ReadonlyMap<string, ReadonlyMap<StoredState, number>>;
  /** The issues that may hold all these words, in no order: none that does is missing, others may be among them. */
  mayHold(words: readonly SearchWord[]): readonly Issue[];
  /** The ids that an issue depends on, in order; none if it can't be read. Looks at no file. */
  dependenciesOf(id: string): readonly string[];
  /** The ids of the issues that depend on this one, in order. */
  dependents(id: string): readonly string[];
  /** Shortest unique prefix of at least 4 characters at this moment. */
  shortId(id: string): string;

  gate(key: string): Gate | undefined;
  gates(): readonly Gate[];

  /** Who holds an issue, seen before settling. */
  holding(id: string): Holding;
  record(id: string): ClaimRecord | undefined;
  /** Records of claims that no write has ended; their lease may be over. */
  liveRecords(): readonly ClaimRecord[];

  /** Files that can't be used. */
  unreadable(): readonly UnreadableFile[];
  /** What merges left behind, as far as it is known without reading everything. */
  mergeTraces(): MergeTraces;
  /** Events in the order of their ids. */
  events(filter: EventFilter): readonly Event[];
  /** The newest event of an issue, of any type or among some. */
  lastEvent(issue: string, types?: readonly string[]): Event | undefined;
}

/** A write under way: what is put is seen by later reads of the same transaction. */
export interface WriteTx extends ReadTx {
  /** Who writes. */
  readonly actor: string;
  put(issue: Issue): void;
  delete(id: string): void;
  putGate(gate: Gate): void;
  deleteGate(key: string): void;
  putRecord(record: ClaimRecord): void;
  /** Puts an issue as it is, what a merge could not decide included: as another tracker has it. */
  restore(issue: Issue): void;
  /** Adds an event of another tracker with its id, time and actor. Its id must not be known here. */
  restoreEvent(event: Event): void;
  /** Ends the last line of a month file (path inside `.jit`) where it has no end. */
  endLog(file: string): void;
  /** Gives the event its id, time and actor. `at` and `actor` of the draft win. */
  emit(draft: EventDraft): Event;
  /** A new issue id that nothing uses. */
  newId(): string;
  /** Does a part of the write; if it throws, that part is taken back and the rest of the write stands. */
  attempt<T>(part: () => T): T;
}

/** The events of the log as they come in. */
export interface EventFeed {
  /** What was not told before, in the order of ids; at first everything. No event is told twice. */
  next(): readonly Event[];
}

/** Notices changes of issues and gates, by whomever, from the moment it was opened. */
export interface ChangeWatch {
  /**
   * Resolves when something may have changed, at the latest after so many milliseconds. No lock is
   * held meanwhile. Once the watch or its store is closed it never resolves.
   */
  changed(ms: number): Promise<void>;
  close(): void;
}

/** The tracker's memory. Everything that is written is written here. */
export interface Store {
  /** One snapshot. Waits for no lock and changes no tracked file. */
  read<T>(body: (tx: ReadTx) => T): T;
  /**
   * Check and change under one lock, from first read to last sync; when it returns, the change is
   * durable. If `body` throws, nothing is changed. Errors: LOCK_TIMEOUT (75), WRITE_PENDING (10).
   */
  write<T>(body: (tx: WriteTx) => T): T;
  /** What a write would answer, as things stand: nothing is changed and no lock is waited for. */
  rehearse<T>(body: (tx: WriteTx) => T): T;
  /** Compares every file with the index, and mends the index where the lock is free. */
  inspect(): TrackerFacts;
  /** Follows the event log, also over what other processes write. */
  feed(): EventFeed;
  /** Begins to watch issues and gates. Errors: USAGE where a line of `batch --atomic` would wait. */
  watch(): ChangeWatch;
  close(): void;
}

/** Several writes that become durable together. */
export interface WriteGroup {
  /** A store whose writes join the group, as those of this actor, and whose reads see it. */
  storeFor(actor: string): Store;
  /** Makes everything durable. Errors: as `Store.write`. */
  commit(): void;
  /** Gives everything up. */
  rollback(): void;
}

/** A store that can also group writes. */
export interface GroupingStore extends Store {
  /** Takes the lock; `commit` or `rollback` ends it. */
  openGroup(): WriteGroup;
}

/** What checkers printed, on this machine only: the issue's file and the log name runs, this has their output. */
export interface GateRuns {
  /** An id for a new run. `now`: wall time in milliseconds. */
  newId(issue: string, gate: string, now: number): string;
  /** Keeps a run and its output (null: as it is), and drops the oldest beyond 10 of its gate and issue. Errors: EVIDENCE_NOT_STORED (10). */
  save(run: GateRun, output: Uint8Array | null): void;
  /** The newest run of a gate of an issue. */
  last(issue: string, gate: string): GateRun | undefined;
  find(issue: string, gate: string, id: string): GateRun | undefined;
  /** What a run printed, as far as it was kept. */
  output(id: string): Buffer | undefined;
  /** Where the output of a run is kept. */
  pathOf(id: string): string;
}
