import type { Event } from '../../domain/event.ts';
import type { Gate } from '../../domain/gate.ts';
import type { ClaimRecord } from '../../domain/holding.ts';
import type { Issue } from '../../domain/issue.ts';
import { parseEventLine } from '../events/event-log.ts';
import { parseGate } from '../files/codec.ts';
import { gateProblem, tryParseIssue } from '../files/documents.ts';
import type { FoundDocument } from '../index/outside.ts';
import type { JournalEntry } from '../journal/state-db.ts';
import type { Folder } from '../layout.ts';
import { parseDocumentPath } from '../layout.ts';

/** An issue as a layer holds it: readable, or not with the reason. */
export type LayerIssue =
  | { readonly issue: Issue; readonly raw: string | null; readonly problem: null }
  | { readonly issue: null; readonly raw: string; readonly problem: string };

/** A gate as a layer holds it. */
export type LayerGate =
  | { readonly gate: Gate; readonly raw: string | null; readonly problem: null }
  | { readonly gate: null; readonly raw: string; readonly problem: string };

/**
 * Changes laid over the index: pending writes, changes from outside, or a write under way. A null
 * value says that the thing is gone.
 */
export class Layer {
  readonly gates = new Map<string, LayerGate | null>();
  readonly records = new Map<string, ClaimRecord>();
  /** Month files whose last line is to be ended. */
  readonly ended = new Set<string>();
  private readonly changed = new Map<string, LayerIssue | null>();
  private readonly log: Event[] = [];
  private readonly logOf = new Map<string | null, Event[]>();
  /** Who may depend on an issue; entries of edges that went again stay and are checked on use. */
  private readonly back = new Map<string, Set<string>>();

  get issues(): ReadonlyMap<string, LayerIssue | null> {
    return this.changed;
  }

  get events(): readonly Event[] {
    return this.log;
  }

  setIssue(id: string, value: LayerIssue | null): void {
    this.changed.set(id, value);
    for (const target of value?.issue?.dependencies ?? []) {
      let dependents = this.back.get(target);
      if (dependents === undefined) {
        dependents = new Set();
        this.back.set(target, dependents);
      }
      dependents.add(id);
    }
  }

  addEvent(event: Event): void {
    this.log.push(event);
    const events = this.logOf.get(event.issue);
    if (events === undefined) this.logOf.set(event.issue, [event]);
    else events.push(event);
  }

  /** The events of an issue, or with null those of no issue. */
  eventsOf(issue: string | null): readonly Event[] {
    return this.logOf.get(issue) ?? [];
  }

  /** Issues of this layer that may depend on one. */
  possibleDependents(id: string): Iterable<string> {
    return this.back.get(id) ?? [];
  }

  /** Lays another layer on top of this one. */
  absorb(top: Layer): void {
    for (const [id, value] of top.issues) this.setIssue(id, value);
    for (const [key, value] of top.gates) this.gates.set(key, value);
    for (const [id, record] of top.records) this.records.set(id, record);
    for (const event of top.events) this.addEvent(event);
    for (const file of top.ended) this.ended.add(file);
  }
}

/** The layer that writes which are durable but not yet in the files make. */
export function layerOfPending(pending: readonly JournalEntry[]): Layer {
  const layer = new Layer();
  for (const entry of pending) {
    for (const file of entry.files) {
      const place = parseDocumentPath(file.path);
      if (place !== null) addDocument(layer, place.folder, place.name, file.after);
    }
    for (const lines of Object.values(entry.events)) {
      for (const line of lines) {
        const event = parseEventLine(line);
        if (event !== null) layer.addEvent(event);
      }
    }
  }
  return layer;
}

/** The layer that changes from outside make. */
export function layerOfFound(documents: readonly FoundDocument[]): Layer {
  const layer = new Layer();
  for (const found of documents) addDocument(layer, found.folder, found.name, found.raw);
  return layer;
}

/** A gate's text as far as it can be understood. */
export function toLayerGate(raw: string, key: string): LayerGate {
  const problem = gateProblem(raw, key);
  return problem === null
    ? { gate: parseGate(raw, key), raw, problem }
    : { gate: null, raw, problem };
}

/** Adds one document to a layer; `raw` null: it is gone. */
export function addDocument(layer: Layer, folder: Folder, name: string, raw: string | null): void {
  if (folder === 'gates') layer.gates.set(name, raw === null ? null : toLayerGate(raw, name));
  else layer.setIssue(name, raw === null ? null : { ...tryParseIssue(raw, name), raw });
}
