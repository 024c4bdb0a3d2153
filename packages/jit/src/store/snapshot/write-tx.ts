import { ID_ALPHABET, ID_LENGTH, idProblem } from '@jit/contract/ids';
import type { Event, EventDraft } from '../../domain/event.ts';
import type { Gate } from '../../domain/gate.ts';
import type { ClaimRecord, Instant } from '../../domain/holding.ts';
import type { Issue, MergeConflict } from '../../domain/issue.ts';
import { byCodeUnit, checkIssue } from '../../domain/issue.ts';
import { isReady } from '../../domain/readiness.ts';
import { isNoted } from '../../domain/validation/deleted-and-edited.ts';
import { randomBytes, sha256 } from '../../platform/crypto.ts';
import { unreadable } from '../errors.ts';
import { eventLine, monthFile } from '../events/event-log.ts';
import { horizonOf, nextUlid, ulidAt, ulidTime } from '../events/ulids.ts';
import { gateText, issueText } from '../files/codec.ts';
import type { FileChange, JournalEntry } from '../journal/state-db.ts';
import type { Folder } from '../layout.ts';
import { documentPath } from '../layout.ts';
import type { Dispute, MergeTraces, WriteTx } from '../store.ts';
import { Layer } from './layer.ts';
import { cyclesNow } from './merge-traces.ts';
import type { SnapshotParts } from './snapshot.ts';
import { Snapshot } from './snapshot.ts';

/** Event types that say whether an issue was ready from then on. */
const READINESS_EVENTS = ['issue_created', 'issue_imported', 'state_changed', 'ready_changed'];

/** Event types by which an issue itself can become ready or stop being so; a comment is none. */
const OWN_CAUSES = [
  'issue_created',
  'issue_imported',
  'issue_updated',
  'state_changed',
  'dependency_added',
  'dependency_removed',
  'gate_added',
  'gate_removed',
  'gate_passed',
  'gate_failed',
  'claim_released',
  'claim_expired',
];

/** Ends a part that was only to be tried. */
class TakenBack extends Error {}

/** What a finished write does. */
export interface Outcome {
  readonly change: Omit<JournalEntry, 'seq'>;
  readonly records: readonly ClaimRecord[];
  readonly lastEvent: string;
}

/**
 * A write under way. Changes are kept in a stack of layers, so that one line of a batch can be taken
 * back without the others.
 */
export class OpenWrite extends Snapshot implements WriteTx {
  actor: string;
  private readonly base: number;
  private readonly clock: () => Instant;
  private readonly advance: (tx: WriteTx, id: string) => void;
  private lastUlid: string;
  private readonly unsettled: Set<string>;

  constructor(
    parts: SnapshotParts,
    options: {
      actor: string;
      clock: () => Instant;
      lastEvent: string;
      unsettled: Iterable<string>;
      /** Moves a gated issue on that nothing holds back any more. */
      advance: (tx: WriteTx, id: string) => void;
    },
  ) {
    super(parts);
    this.base = this.layers.length;
    this.actor = options.actor;
    this.clock = options.clock;
    this.advance = options.advance;
    this.lastUlid = options.lastEvent;
    this.unsettled = new Set(options.unsettled);
  }

  /**
   * Runs a part of the write that is taken back as a whole if it throws. Readiness changes are noted
   * at its end. The parts of a group may have actors of their own.
   */
  part<T>(body: (tx: WriteTx) => T, actor: string = this.actor): T {
    this.moveOn();
    const depth = this.layers.push(new Layer()) - 1;
    const { lastUlid, actor: before } = this;
    const unsettled = [...this.unsettled];
    this.actor = actor;
    try {
      const result = body(this);
      this.noteReadiness();
      this.foldTop(depth);
      return result;
    } catch (error) {
      this.layers.length = depth;
      this.lastUlid = lastUlid;
      for (const id of unsettled) this.unsettled.add(id);
      throw error;
    } finally {
      this.actor = before;
    }
  }

  /** What a part would answer: it is taken back in any case. */
  rehearse<T>(body: (tx: WriteTx) => T, actor: string): T {
    const answer: { value?: T } = {};
    try {
      this.part((tx) => {
        answer.value = body(tx);
        throw new TakenBack();
      }, actor);
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error;
    }
    return answer.value as T; // set before TakenBack is thrown
  }

  attempt<T>(part: () => T): T {
    return this.part(part);
  }

  /** No two parts happen at the same moment, so that their issues keep their order. */
  private moveOn(): void {
    if (!this.layers.slice(this.base).some((layer) => layer.events.length > 0)) return;
    const now = this.clock();
    const { wall } = this.instant;
    this.instant = now.wall > wall ? now : { ...now, wall: wall + 1 };
  }

  /** Joins a finished part with those before it. */
  private foldTop(depth: number): void {
    const below = depth > this.base ? this.layers[depth - 1] : undefined;
    const top = this.layers[depth];
    if (below === undefined || top === undefined) return;
    below.absorb(top);
    this.layers.length = depth;
  }

  private get top(): Layer {
    const layer = this.layers.at(-1);
    if (layer === undefined || this.layers.length <= this.base)
      throw new Error('no part of the write is open');
    return layer;
  }

  put(issue: Issue): void {
    checkIssue(issue);
    this.refuseUnreadable('issues', issue.id);
    for (const conflict of issue.conflicts) this.noteConflict(issue.id, { ...conflict });
    const clean = issue.conflicts.length === 0 ? issue : { ...issue, conflicts: [] };
    this.top.setIssue(issue.id, { issue: clean, raw: null, problem: null });
  }

  restore(issue: Issue): void {
    checkIssue(issue);
    this.refuseUnreadable('issues', issue.id);
    this.top.setIssue(issue.id, { issue, raw: null, problem: null });
  }

  restoreEvent(event: Event): void {
    // Later events of this write come after those of the past, not after those of a wrong clock.
    if (event.id > this.lastUlid && event.id < horizonOf(this.instant.wall))
      this.lastUlid = event.id;
    this.add(event);
  }

  endLog(file: string): void {
    this.top.ended.add(file);
  }

  delete(id: string): void {
    this.top.setIssue(id, null);
  }

  putGate(gate: Gate): void {
    this.refuseUnreadable('gates', gate.key);
    const { conflicts = [], ...clean } = gate;
    for (const conflict of conflicts) this.noteConflict(null, { gate: gate.key, ...conflict });
    this.top.gates.set(gate.key, { gate: clean, raw: null, problem: null });
  }

  deleteGate(key: string): void {
    this.top.gates.set(key, null);
  }

  putRecord(record: ClaimRecord): void {
    this.top.records.set(record.issue, record);
  }

  emit(draft: EventDraft): Event {
    const { type, issue, attempt, actor, ...rest } = draft;
    const at = typeof draft.at === 'string' ? draft.at : new Date(this.instant.wall).toISOString();
    this.lastUlid = nextUlid(this.instant.wall, this.lastUlid);
    return this.add({
      id: this.lastUlid,
      at,
      type,
      issue,
      actor: actor ?? this.actor,
      ...(attempt !== undefined && { attempt }),
      ...without(rest, 'at'),
    });
  }

  /** What this write found undecided by merges. */
  private found: readonly Dispute[] = [];

  /**
   * Moves what merges left undecided from the files into the log; every write begins with it. An issue
   * that the log says was deleted and whose file is here all the same is noted, too.
   */
  noteMerges(): void {
    this.found = super.mergeTraces().disputed;
    for (const { folder, subject, conflicts } of this.found) {
      const issue = folder === 'issues' ? this.stored(subject) : undefined;
      const gate = folder === 'gates' ? this.gate(subject) : undefined;
      if (gate !== undefined) this.putGate(gate);
      if (issue === undefined) continue;
      for (const conflict of conflicts) this.noteConflict(subject, { ...conflict });
      const clean = { ...issue, conflicts: [] };
      this.top.setIssue(subject, { issue: clean, raw: null, problem: null });
    }
    for (const id of this.unsettled) this.noteReturned(id);
  }

  override mergeTraces(): MergeTraces {
    // A write closes no cycle, so that only those known before need another look.
    return { cycles: cyclesNow(this, this.index, []), disputed: this.found };
  }

  private noteReturned(id: string): void {
    if (this.stateOf(id) === 'missing') return;
    const last = this.newestOf(id, ['issue_created', 'issue_imported', 'issue_deleted']);
    if (last?.type !== 'issue_deleted') return;
    const noted = this.events({ issue: id, type: 'merge_conflict' });
    if (noted.some((event) => event.id > last.id && isNoted(event))) return;
    this.noteConflict(id, { field: 'file', kept: 'edited', other: 'deleted' });
  }

  /** The id follows from the conflict and what was known of the issue, so that two clones note it once. */
  private noteConflict(issue: string | null, conflict: MergeConflict & { gate?: string }): void {
    const last = issue === null ? undefined : this.newestOf(issue, null);
    if (last === undefined || last.id >= horizonOf(this.instant.wall)) {
      this.emit({ type: 'merge_conflict', issue, ...conflict });
      return;
    }
    const seed = sha256(`${issue}\n${JSON.stringify(conflict)}`);
    const id = ulidAt(ulidTime(last.id) + 1, seed);
    // Not who happens to write next: the line is the same in every clone.
    this.add({ id, at: last.at, type: 'merge_conflict', issue, actor: 'jit', ...conflict });
  }

  /** A file that can't be read is never overwritten. */
  private refuseUnreadable(folder: Folder, name: string): void {
    const problem = this.problemOf(folder, name);
    if (problem !== null) throw unreadable(folder, name, problem);
  }

  private add(event: Event): Event {
    this.top.addEvent(event);
    return event;
  }

  newId(): string {
    for (;;) {
      const id = randomId();
      if (idProblem(id) === null && this.stateOf(id) === 'missing') return id;
    }
  }

  /** Writes an event for each issue whose readiness is not what the log says (invariant READY-IS-LOGGED). */
  private noteReadiness(): void {
    for (const id of this.touched()) if (this.stateOf(id) === 'gated') this.advance(this, id);
    const candidates = this.touched();
    this.unsettled.clear();
    for (const id of candidates) this.noteReadinessOf(id);
  }

  /** The issues whose readiness this part may have changed, in order. */
  private touched(): string[] {
    const layer = this.top;
    const candidates = new Set([...layer.issues.keys(), ...this.unsettled]);
    for (const id of layer.issues.keys()) {
      for (const dependent of this.dependents(id)) candidates.add(dependent);
    }
    if (layer.gates.size > 0) {
      for (const issue of this.unfinished()) {
        if (Object.keys(issue.gates).some((key) => layer.gates.has(key))) candidates.add(issue.id);
      }
    }
    return [...candidates].sort(byCodeUnit);
  }

  private noteReadinessOf(id: string): void {
    const stored = this.stored(id);
    if (stored === undefined) return;
    const issue = this.mustHave(id);
    const ready = isReady(issue, this);
    const last = this.newestOf(id, READINESS_EVENTS);
    const wasReady = last?.type === 'ready_changed' && last.ready === true;
    if (ready === wasReady) return;
    const cause = this.causeOf(issue);
    const { wall } = this.instant;
    const horizon = horizonOf(wall);
    const time = cause === null ? wall : ulidTime(cause.id);
    const seed = sha256(`${id}\n${ready}\n${cause?.id ?? ''}`);
    const derived = ulidAt(time + 1, seed);
    // A cause older than the newest event of the issue can't carry the news: the log would be read the other way round.
    const late = last !== undefined && derived <= last.id;
    const newest = [last?.id ?? '', this.lastUlid].sort(byCodeUnit).at(-1) ?? '';
    const eventId = late ? nextUlid(wall, newest) : derived;
    if (eventId > this.lastUlid && eventId < horizon) this.lastUlid = eventId;
    const known = !late && cause !== null && cause.id < horizon;
    this.add({
      id: eventId,
      at: known ? cause.at : new Date(wall).toISOString(),
      type: 'ready_changed',
      issue: id,
      // Whose change it was, not who happens to write next: the line is the same in every clone.
      actor: known ? cause.actor : this.actor,
      ready,
      cause: cause && { event: cause.id, type: cause.type, issue: cause.issue },
    });
  }

  /** The newest event that can have changed the readiness of an issue. */
  private causeOf(issue: Issue): Event | null {
    const own = this.newestOf(issue.id, OWN_CAUSES);
    const found = issue.dependencies.map((id) =>
      this.newestOf(id, ['state_changed', 'issue_deleted', 'issue_imported']),
    );
    const gates = this.layers
      .flatMap((layer) => layer.eventsOf(null))
      .filter((event) => typeof event.gate === 'string' && event.gate in issue.gates);
    const events = [own, ...found, ...gates].filter((event) => event !== undefined);
    if (issue.defer_until !== null) {
      const due = Date.parse(issue.defer_until);
      if (due <= this.instant.wall && events.every((event) => Date.parse(event.at) < due))
        return null;
    }
    return events.sort((a, b) => byCodeUnit(a.id, b.id)).at(-1) ?? null;
  }

  /** Everything that was put and every event of it, as one change (invariant NO-SILENT-CHANGE). */
  outcome(): Outcome {
    const own = this.layers.slice(this.base);
    const files: FileChange[] = [];
    const issues = new Map(own.flatMap((layer) => [...layer.issues]));
    for (const [id, value] of issues) {
      if (value?.issue !== undefined || value === null) {
        files.push(this.change('issues', id, value?.issue ? issueText(value.issue) : null));
      }
    }
    for (const [key, value] of new Map(own.flatMap((layer) => [...layer.gates]))) {
      files.push(this.change('gates', key, value?.gate ? gateText(value.gate) : null));
    }
    const events = own.flatMap((layer) => layer.events);
    const ended = own.flatMap((layer) => [...layer.ended]);
    const lines: Record<string, string[]> = Object.fromEntries(ended.map((file) => [file, []]));
    for (const event of events) {
      const file = monthFile(event.at);
      const month = lines[file] ?? [];
      lines[file] = month;
      month.push(eventLine(event));
    }
    return {
      change: { files: files.filter((file) => file.before !== file.after), events: lines },
      records: [...new Map(own.flatMap((layer) => [...layer.records])).values()],
      lastEvent: this.lastUlid,
    };
  }

  /** The content that the decisions of this write are based on. */
  private basis(folder: Folder, name: string): string | null {
    for (const layer of this.layers.slice(0, this.base).toReversed()) {
      const value = layer[folder].get(name);
      if (value !== undefined) return value?.raw ?? null;
    }
    return this.seenRaw(folder, name);
  }

  private change(folder: Folder, name: string, after: string | null): FileChange {
    const path = documentPath(folder, name);
    return { path, before: this.basis(folder, name), after };
  }
}

function without(fields: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

/** Random letters of an alphabet of 32, so that every byte gives each of them alike. */
function randomId(): string {
  return [...randomBytes(ID_LENGTH)].map((byte) => ID_ALPHABET[byte & 31]).join('');
}
