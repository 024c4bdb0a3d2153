import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BadEventLine, TrackerFacts } from '../../domain/validation/tracker-facts.ts';
import { monthNames, parseEventLine } from '../events/event-log.ts';
import type { IndexDb } from '../index/index-db.ts';
import type { FoundDocument, OutsideChanges } from '../index/outside.ts';
import type { Layout } from '../layout.ts';
import { documentPath } from '../layout.ts';
import type { Snapshot } from './snapshot.ts';

/** What a read found to be different from the index. */
export interface Seen {
  readonly documents: readonly FoundDocument[];
  /** Paths of those that nothing had told the index about. */
  readonly drifted: readonly string[];
}

/** Everything that `validate` judges by, but writes that are stuck. */
export function gatherFacts(snapshot: Snapshot, layout: Layout, seen: Seen): TrackerFacts {
  return {
    now: snapshot.instant,
    issues: snapshot.filed(),
    names: snapshot.names(),
    gates: new Map(snapshot.gates().map((gate) => [gate.key, gate])),
    unreadable: snapshot.unreadable(),
    events: snapshot.events({}),
    badEventLines: findBadEventLines(layout),
    records: snapshot.liveRecords(),
    pending: [],
    drifted: seen.drifted,
  };
}

/** The changed files whose stamp said that they were not. */
export function driftedFiles(index: IndexDb, changes: OutsideChanges): readonly string[] {
  const moved = new Set(changes.folders.map(({ folder }) => folder));
  return changes.documents
    .filter(({ folder, name, raw, mark }) => {
      const row = index.mark(folder, name);
      if (row === undefined || raw === null) return !moved.has(folder);
      return row.mark === mark && row.settled === 1;
    })
    .map(({ folder, name }) => documentPath(folder, name));
}

function findBadEventLines(layout: Layout): readonly BadEventLine[] {
  return monthNames(layout).flatMap((name) => {
    let text: string;
    try {
      text = readFileSync(join(layout.events, name), 'utf8');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [
        { file: `events/${name}`, line: 1, problem: `the file can't be read: ${why}`, torn: false },
      ];
    }
    const lines = text.split('\n');
    return lines.flatMap((line, position): BadEventLine[] => {
      const place = { file: `events/${name}`, line: position + 1 };
      if (line === '') return [];
      if (parseEventLine(line) === null)
        return [{ ...place, problem: 'it is no event', torn: false }];
      if (position + 1 < lines.length) return [];
      return [{ ...place, problem: 'it has no end', torn: true }];
    });
  });
}
