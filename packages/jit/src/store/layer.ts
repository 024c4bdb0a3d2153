import type { Event } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { ClaimRecord } from '../domain/holding.ts';
import type { Issue } from '../domain/issue.ts';
import { parseGate } from './codec.ts';
import { gateProblem, tryParseIssue } from './documents.ts';
import { parseEventLine } from './event-log.ts';
import type { Folder } from './layout.ts';
import { parseDocumentPath } from './layout.ts';
import type { FoundDocument } from './outside.ts';
import type { JournalEntry } from './state-db.ts';

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
export interface Layer {
  readonly issues: Map<string, LayerIssue | null>;
  readonly gates: Map<string, LayerGate | null>;
  readonly records: Map<string, ClaimRecord>;
  readonly events: Event[];
}

export function emptyLayer(): Layer {
  return { issues: new Map(), gates: new Map(), records: new Map(), events: [] };
}

/** The layer that writes which are durable but not yet in the files make. */
export function layerOfPending(pending: readonly JournalEntry[]): Layer {
  const layer = emptyLayer();
  for (const entry of pending) {
    for (const file of entry.files) {
      const place = parseDocumentPath(file.path);
      if (place !== null) addDocument(layer, place.folder, place.name, file.after);
    }
    for (const lines of Object.values(entry.events)) {
      for (const line of lines) {
        const event = parseEventLine(line);
        if (event !== null) layer.events.push(event);
      }
    }
  }
  return layer;
}

/** The layer that changes from outside make. */
export function layerOfFound(documents: readonly FoundDocument[]): Layer {
  const layer = emptyLayer();
  for (const found of documents) addDocument(layer, found.folder, found.name, found.raw);
  return layer;
}

/** A gate's text as far as it can be understood. */
export function toLayerGate(raw: string, key: string): LayerGate {
  const problem = gateProblem(raw, key);
  return problem === null ? { gate: parseGate(raw, key), raw, problem } : { gate: null, raw, problem };
}

/** Adds one document to a layer; `raw` null: it is gone. */
export function addDocument(layer: Layer, folder: Folder, name: string, raw: string | null): void {
  if (folder === 'gates') layer.gates.set(name, raw === null ? null : toLayerGate(raw, name));
  else layer.issues.set(name, raw === null ? null : { ...tryParseIssue(raw, name), raw });
}
