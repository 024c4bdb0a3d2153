import { JitError, usageError } from '@jit/contract/errors';
import { idProblem, MIN_PREFIX } from '@jit/contract/ids';
import type { StoredState } from '@jit/contract/vocabulary';
import type { Event } from '../../domain/event.ts';
import type { Gate } from '../../domain/gate.ts';
import type { ClaimRecord, Holding, Instant } from '../../domain/holding.ts';
import { holdingOf, settleIssue } from '../../domain/holding.ts';
import type { Issue } from '../../domain/issue.ts';
import { byCodeUnit, isStoredState, isUnfinished, isUnfinishedState } from '../../domain/issue.ts';
import type { DependencyState, ShownDependencyState } from '../../domain/readiness.ts';
import { shownState } from '../../domain/readiness.ts';
import type { SearchWord } from '../../domain/search.ts';
import { unreadable } from '../errors.ts';
import { parseEventLine } from '../events/event-log.ts';
import { fits } from '../events/fits.ts';
import { tryParseIssue } from '../files/documents.ts';
import type { DocumentRow, IndexDb } from '../index/index-db.ts';
import { isSearchBehind } from '../index/search-index.ts';
import type { Folder } from '../layout.ts';
import type { EventFilter, MergeTraces, ReadTx, UnreadableFile } from '../store.ts';
import type { LabelCounts } from './finished-labels.ts';
import { finishedLabels } from './finished-labels.ts';
import type { Layer, LayerGate, LayerIssue } from './layer.ts';
import { toLayerGate } from './layer.ts';
import { tracesNow } from './merge-traces.ts';
import { searchRows } from './search-rows.ts';
import { shortIdAmong } from './short-id.ts';

/** Where claim records come from. */
export interface RecordSource {
  readonly live: ReadonlyMap<string, ClaimRecord>;
  record(issue: string): ClaimRecord | undefined;
}

/** What a snapshot is made of. `index` null: every document is in the layers. */
export interface SnapshotParts {
  readonly index: IndexDb | null;
  /** Bottom first. */
  readonly layers: readonly Layer[];
  readonly records: RecordSource;
  readonly instant: Instant;
  readonly origin: () => string;
  /** Looks at one file on disk for a command that shows it; adds what it finds to the layers. */
  readonly freshen: (id: string) => void;
  /** Brings the events of the log up to date, once, when a command first needs them. */
  readonly loadEvents: () => void;
}

/** One consistent picture: the index with layers of changes on top. */
export class Snapshot implements ReadTx {
  instant: Instant;
  protected readonly index: IndexDb | null;
  protected readonly layers: Layer[];
  readonly parts: SnapshotParts;
  private readonly parsed = new Map<string, Issue>();
  /** The texts that the parsed issues were read from. */
  private readonly raws = new Map<string, string>();
  private readonly freshened = new Set<string>();
  /** A search had to look through more than it found: the full text is behind. */
  isSearchBehind = false;

  constructor(parts: SnapshotParts) {
    this.parts = parts;
    this.index = parts.index;
    this.layers = [...parts.layers];
    this.instant = parts.instant;
  }

  get origin(): string {
    return this.parts.origin();
  }

  get now(): number {
    return this.instant.wall;
  }

  resolve(ref: string): string {
    const problem = idProblem(ref);
    if (problem !== null)
      throw usageError(`"${ref}" is no issue id: ${problem}`, {
        hint: 'jit issue list shows the ids.',
      });
    if (this.known(ref)) return ref;
    const matches = ref.length < MIN_PREFIX ? [] : this.namesWithPrefix(ref);
    const [only, ...others] = matches;
    if (only === undefined) throw this.notFound(ref);
    if (others.length === 0) return only;
    throw new JitError('invalid', 'AMBIGUOUS_ID', `"${ref}" begins ${matches.length} ids`, {
      hint: `Give more of it: ${matches.slice(0, 5).join(', ')}${matches.length > 5 ? ', …' : ''}`,
      details: { ref, candidates: matches },
    });
  }

  private notFound(ref: string): JitError {
    const deleted = ref.length >= MIN_PREFIX && this.wasDeleted(ref);
    const short =
      ref.length < MIN_PREFIX ? ` (a prefix has at least ${MIN_PREFIX} characters)` : '';
    const message = deleted ? `issue ${ref} was deleted` : `there is no issue ${ref}${short}`;
    return new JitError('not_found', deleted ? 'DELETED' : 'NOT_FOUND', message, {
      hint: 'jit issue list shows the ids.',
      details: { ref, nearest: this.nearest(ref) },
    });
  }

  private wasDeleted(ref: string): boolean {
    return this.events({ issue: ref, type: 'issue_deleted' }).length > 0;
  }

  private nearest(ref: string): string[] {
    return ref.length < 3 ? [] : this.namesWithPrefix(ref.slice(0, 3)).slice(0, 5);
  }

  issue(id: string): Issue | undefined {
    this.freshen(id);
    return this.peek(id);
  }

  mustHave(id: string): Issue {
    const issue = this.issue(id);
    if (issue === undefined) throw this.notFound(id);
    return issue;
  }

  private freshen(id: string): void {
    if (this.freshened.has(id)) return;
    this.freshened.add(id);
    this.parts.freshen(id);
    this.parsed.delete(id);
  }

  /** The issue without another look at the disk. */
  private peek(id: string): Issue | undefined {
    const layered = this.layeredIssue(id);
    if (layered === null) return undefined;
    if (layered !== undefined) {
      if (layered.issue === null) throw unreadable('issues', id, layered.problem);
      return this.settled(layered.issue);
    }
    const row = this.index?.document('issues', id);
    if (row === undefined) return undefined;
    if (row.problem !== null) throw unreadable('issues', id, row.problem);
    return this.fromRow(row);
  }

  private fromRow(row: DocumentRow): Issue | undefined {
    const issue = this.parse(row);
    return issue === undefined ? undefined : this.settled(issue);
  }

  /** The issue of a row as its file has it, parsed once. */
  private parse(row: DocumentRow): Issue | undefined {
    if (row.problem !== null) return undefined;
    let issue = this.parsed.get(row.name);
    if (issue === undefined) {
      issue = tryParseIssue(row.raw, row.name).issue ?? undefined;
      if (issue !== undefined) {
        this.parsed.set(row.name, issue);
        this.raws.set(row.name, row.raw);
      }
    }
    return issue;
  }

  private settled(issue: Issue): Issue {
    return settleIssue(issue, this.holdingOf(issue), this);
  }

  private holdingOf(issue: Issue): Holding {
    // Without a claim in the file only a live record can say that somebody holds it.
    const record = issue.claim === null ? this.liveRecord(issue.id) : this.record(issue.id);
    if (issue.claim === null && record === undefined) return { kind: 'free' };
    return holdingOf(issue, record, this.origin, this.instant);
  }

  holding(id: string): Holding {
    const stored = this.stored(id);
    return stored === undefined ? { kind: 'free' } : this.holdingOf(stored);
  }

  /** The issue as its file has it, not settled. */
  protected stored(id: string): Issue | undefined {
    const layered = this.layeredIssue(id);
    if (layered !== undefined) return layered?.issue ?? undefined;
    const row = this.index?.document('issues', id);
    return row === undefined ? undefined : this.parse(row);
  }

  record(id: string): ClaimRecord | undefined {
    return (
      this.recordInLayers(id) ?? this.parts.records.live.get(id) ?? this.parts.records.record(id)
    );
  }

  private liveRecord(id: string): ClaimRecord | undefined {
    return this.recordInLayers(id) ?? this.parts.records.live.get(id);
  }

  private recordInLayers(id: string): ClaimRecord | undefined {
    for (const layer of this.layers.toReversed()) {
      const record = layer.records.get(id);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  liveRecords(): readonly ClaimRecord[] {
    const records = new Map(this.parts.records.live);
    for (const layer of this.layers) {
      for (const [id, record] of layer.records) records.set(id, record);
    }
    return [...records.values()].filter((record) => record.ended === null);
  }

  private known(id: string): boolean {
    const layered = this.layeredIssue(id);
    return layered === undefined
      ? this.index?.document('issues', id) !== undefined
      : layered !== null;
  }

  protected layeredIssue(id: string): LayerIssue | null | undefined {
    for (const layer of this.layers.toReversed()) {
      const found = layer.issues.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What the layers say of every issue they speak of. */
  private layered(): Map<string, LayerIssue | null> {
    const merged = new Map<string, LayerIssue | null>();
    for (const layer of this.layers) {
      for (const [id, value] of layer.issues) merged.set(id, value);
    }
    return merged;
  }

  unfinished(): readonly Issue[] {
    return this.collect(this.index?.unfinished() ?? []).filter(isUnfinished);
  }

  all(): readonly Issue[] {
    return this.collect(this.index?.documents('issues') ?? []);
  }

  private collect(rows: readonly DocumentRow[]): Issue[] {
    const layered = this.layered();
    const issues: Issue[] = [];
    for (const row of rows) {
      const issue = layered.has(row.name) ? undefined : this.fromRow(row);
      if (issue !== undefined) issues.push(issue);
    }
    for (const value of layered.values()) {
      if (value?.issue) issues.push(this.settled(value.issue));
    }
    return layered.size === 0 ? issues : issues.sort((a, b) => byCodeUnit(a.id, b.id));
  }

  /** Every readable issue as its file has it, not settled. */
  filed(): readonly Issue[] {
    const layered = this.layered();
    const rows = (this.index?.documents('issues') ?? []).filter(({ name }) => !layered.has(name));
    const fromFiles = rows.map((row) => tryParseIssue(row.raw, row.name).issue);
    const changed = [...layered.values()].map((value) => value?.issue ?? null);
    return [...fromFiles, ...changed]
      .filter((issue) => issue !== null)
      .sort((a, b) => byCodeUnit(a.id, b.id));
  }

  /** The id that each issue file's name says, also where the file can't be read. */
  names(): ReadonlySet<string> {
    const names = new Set(this.index?.names('issues'));
    for (const [name, value] of this.layered()) {
      if (value === null) names.delete(name);
      else names.add(name);
    }
    return names;
  }

  finishedCounts(): ReadonlyMap<StoredState, number> {
    const counts = new Map<StoredState, number>();
    const add = (state: string | null | undefined, count: number) => {
      if (!isStoredState(state) || isUnfinishedState(state)) return;
      counts.set(state, (counts.get(state) ?? 0) + count);
    };
    for (const { state, count } of this.index?.finishedCounts() ?? []) add(state, count);
    for (const [name, value] of this.layered()) {
      const row = this.index?.document('issues', name);
      if (row?.problem === null) add(row.state, -1);
      add(value?.issue?.state, 1);
    }
    return counts;
  }

  finishedLabels(): LabelCounts {
    return finishedLabels(this.index, this.layered());
  }

  mayHold(words: readonly SearchWord[]): readonly Issue[] {
    this.parts.loadEvents();
    const { index } = this;
    if (index === null) return this.collect([]);
    this.isSearchBehind = isSearchBehind(index);
    return this.collect(searchRows(index, this.layers, words));
  }

  stateOf = (id: string): DependencyState => {
    const layered = this.layeredIssue(id);
    if (layered === null) return 'missing';
    const row = layered?.issue ? undefined : this.index?.document('issues', id);
    if (layered?.issue) return this.settled(layered.issue).state;
    if (row === undefined) return layered === undefined ? 'missing' : 'unreadable';
    const broken = layered !== undefined || row.problem !== null;
    const finished = isStoredState(row.state) && !isUnfinishedState(row.state) ? row.state : null;
    if (broken) return finished ?? 'unreadable';
    if (finished !== null) return finished;
    return this.fromRow(row)?.state ?? 'unreadable';
  };

  shownOf = (id: string): ShownDependencyState => {
    const state = this.stateOf(id);
    if (state !== 'open') return state;
    const issue = this.peek(id);
    return issue === undefined ? 'missing' : shownState(issue, this);
  };

  dependenciesOf(id: string): readonly string[] {
    const layered = this.layeredIssue(id);
    if (layered !== undefined) return layered?.issue?.dependencies ?? [];
    return this.index?.edgesOf(id) ?? [];
  }

  dependents(id: string): readonly string[] {
    const ids = (this.index?.dependents(id) ?? []).filter(
      (name) => this.layeredIssue(name) === undefined,
    );
    const possible = new Set(this.layers.flatMap((layer) => [...layer.possibleDependents(id)]));
    for (const name of possible) {
      if (this.layeredIssue(name)?.issue?.dependencies.includes(id)) ids.push(name);
    }
    return ids.sort(byCodeUnit);
  }

  shortId(id: string): string {
    const layered = this.layers.map((layer) => layer.issues.keys());
    return shortIdAmong(id, [this.index?.neighbours(id) ?? [], ...layered]);
  }

  private namesWithPrefix(prefix: string): string[] {
    const layered = this.layered();
    const names = (this.index?.namesWithPrefix(prefix) ?? []).filter((name) => !layered.has(name));
    for (const [name, value] of layered) {
      if (value !== null && name.startsWith(prefix)) names.push(name);
    }
    return names.sort(byCodeUnit);
  }

  /** The text of a file as it was when this snapshot looked at it first; the index may have moved on since. */
  protected seenRaw(folder: Folder, name: string): string | null {
    const seen = folder === 'gates' ? this.baseGates?.get(name)?.raw : this.raws.get(name);
    return seen ?? this.index?.document(folder, name)?.raw ?? null;
  }

  /** Why a file can't be read, or null if it can or is not there. */
  protected problemOf(folder: Folder, name: string): string | null {
    if (folder === 'gates') return this.gateTable().get(name)?.problem ?? null;
    const layered = this.layeredIssue(name);
    if (layered !== undefined) return layered?.problem ?? null;
    return this.index?.document('issues', name)?.problem ?? null;
  }

  gate = (key: string): Gate | undefined => this.gateTable().get(key)?.gate ?? undefined;

  gates(): readonly Gate[] {
    const found = [...this.gateTable().values()].map((value) => value.gate);
    return found.filter((gate) => gate !== null).sort((a, b) => byCodeUnit(a.key, b.key));
  }

  private baseGates: Map<string, LayerGate> | null = null;

  private gateTable(): Map<string, LayerGate> {
    this.baseGates ??= new Map(
      (this.index?.documents('gates') ?? []).map((row) => [
        row.name,
        toLayerGate(row.raw, row.name),
      ]),
    );
    const table = new Map(this.baseGates);
    for (const layer of this.layers) {
      for (const [key, value] of layer.gates) {
        if (value === null) table.delete(key);
        else table.set(key, value);
      }
    }
    return table;
  }

  unreadable(): readonly UnreadableFile[] {
    const layered = this.layered();
    const files = (this.index?.unreadable() ?? [])
      .filter((row) => row.folder === 'issues' && !layered.has(row.name))
      .map((row) => toUnreadable('issues', row.name, row.problem));
    for (const [name, value] of layered) {
      if (value?.problem) files.push(toUnreadable('issues', name, value.problem));
    }
    for (const [key, value] of this.gateTable()) {
      if (value.problem !== null) files.push(toUnreadable('gates', key, value.problem));
    }
    return files.sort((a, b) => byCodeUnit(a.path, b.path));
  }

  mergeTraces(): MergeTraces {
    return tracesNow(this, this.index, this.layered());
  }

  events(filter: EventFilter): readonly Event[] {
    this.parts.loadEvents();
    const byId = new Map<string, Event>();
    for (const line of this.index?.eventLines(filter) ?? []) {
      const event = parseEventLine(line);
      if (event !== null) byId.set(event.id, event);
    }
    for (const event of this.layers.flatMap((layer) => layer.events)) byId.set(event.id, event);
    return [...byId.values()]
      .filter((event) => fits(event, filter))
      .sort((a, b) => byCodeUnit(a.id, b.id));
  }

  lastEvent(issue: string, types: readonly string[] | null = null): Event | undefined {
    return this.newestOf(issue, types);
  }

  /** The newest event of an issue among some types. */
  protected newestOf(issue: string, types: readonly string[] | null): Event | undefined {
    this.parts.loadEvents();
    const line = this.index?.lastEventLine(issue, types);
    let newest = line === undefined ? undefined : (parseEventLine(line) ?? undefined);
    for (const event of this.layers.flatMap((layer) => layer.eventsOf(issue))) {
      if (types !== null && !types.includes(event.type)) continue;
      if (newest === undefined || event.id > newest.id) newest = event;
    }
    return newest;
  }
}

function toUnreadable(folder: string, name: string, problem: string): UnreadableFile {
  return { path: `${folder}/${name}.json`, subject: name, problem };
}
