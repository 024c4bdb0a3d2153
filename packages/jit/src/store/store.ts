import type { StoredState } from '@jit/contract/vocabulary';
import type { Event, EventDraft } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { GateRun } from '../domain/gate-run.ts';
import type { ClaimRecord, Holding, Instant } from '../domain/holding.ts';
import type { Issue } from '../domain/issue.ts';
import type { ReadinessFacts } from '../domain/readiness.ts';
import type { TrackerFacts } from '../domain/validation/tracker-facts.ts';

/** A file of the tracker that can't be used, and why. */
export interface UnreadableFile {
  /** Path inside `.jit`, e.g. `issues/7kq2m9xw4d.json`. */
  readonly path: string;
  /** The id or key that the file's name says. */
  readonly subject: string;
  readonly problem: string;
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
  /** How many finished issues there are in each state, without reading them. */
  finishedCounts(): ReadonlyMap<StoredState, number>;
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
  /** Events in the order of their ids. */
  events(filter: EventFilter): readonly Event[];
  /** The newest event of an issue. */
  lastEvent(issue: string): Event | undefined;
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
  /** Gives the event its id, time and actor. `at` and `actor` of the draft win. */
  emit(draft: EventDraft): Event;
  /** A new issue id that nothing uses. */
  newId(): string;
}

/** The events of the log as they come in. */
export interface EventFeed {
  /** What was not told before, in the order of ids; at first everything. No event is told twice. */
  next(): readonly Event[];
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
  /** Compares every file with the index, and mends the index where the lock is free. */
  inspect(): TrackerFacts;
  /** Follows the event log, also over what other processes write. */
  feed(): EventFeed;
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
