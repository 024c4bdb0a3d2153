import { join } from 'node:path';
import { isUnread, listNames, readDocument } from '../files/documents.ts';
import { isSettled, stampOf } from '../files/stamp.ts';
import type { Folder, Layout } from '../layout.ts';
import { documentPath, FOLDERS } from '../layout.ts';
import type { IndexDb, MarkRow } from './index-db.ts';

/** Unfinished issues looked at by each command; beyond that they take turns. */
const WATCH_LIMIT = 2000;

/** A document that was found changed. `raw` null: it is gone. */
export interface FoundDocument {
  readonly folder: Folder;
  readonly name: string;
  readonly raw: string | null;
  readonly mark: string;
  readonly settled: boolean;
}

/** What is different on disk from what the index says. */
export interface OutsideChanges {
  readonly documents: readonly FoundDocument[];
  /** Stamps that became reliable, of files and folders whose content is as the index says. */
  readonly restamped: readonly FoundDocument[];
  readonly folders: readonly { folder: Folder; mark: string; settled: boolean }[];
  readonly watchTurn: number | null;
}

/** How hard to look. `full` compares the content of every file. */
export type Thoroughness = 'quick' | 'full';

/**
 * Looks for changes that were not made by jit. Files that appear, vanish or are renamed into place
 * show in the folder's time; unfinished issues are looked at one by one. Paths in `skip` belong to a
 * pending write and are left out.
 */
export function findOutsideChanges(
  index: IndexDb,
  layout: Layout,
  skip: ReadonlySet<string>,
  thoroughness: Thoroughness,
): OutsideChanges {
  const changes = { documents: [] as FoundDocument[], restamped: [] as FoundDocument[] };
  const folders: { folder: Folder; mark: string; settled: boolean }[] = [];
  let watchTurn: number | null = null;
  for (const folder of FOLDERS) {
    const seenAt = Date.now();
    const stamp = stampOf(layout[folder]);
    const mark = stamp?.mark ?? 'absent';
    const settled = stamp === null || isSettled(stamp, seenAt);
    const known = index.folder(folder);
    const unmoved = known?.mark === mark && known.settled === 1;
    if (!unmoved) folders.push({ folder, mark, settled });
    const names = unmoved && thoroughness === 'quick' ? null : listNames(layout[folder]);
    if (names === null) {
      const watched =
        folder === 'gates' ? { rows: index.marks('gates'), turn: null } : watch(index);
      watchTurn = watched.turn ?? watchTurn;
      compare(layout, folder, watched.rows, skip, thoroughness, changes);
    } else {
      const rows = new Map(index.marks(folder).map((row) => [row.name, row]));
      for (const name of names) {
        if (!rows.has(name)) rows.set(name, { name, mark: '', settled: 0 });
      }
      compare(layout, folder, rows.values(), skip, thoroughness, changes, new Set(names));
    }
  }
  return { ...changes, folders, watchTurn };
}

/** True if nothing at all is different from what the index says. */
export function isNothing(changes: OutsideChanges): boolean {
  return (
    changes.documents.length === 0 &&
    changes.restamped.length === 0 &&
    changes.folders.length === 0 &&
    changes.watchTurn === null
  );
}

/** Looks at one document, for a command that shows it. */
export function findDocumentChange(
  index: IndexDb,
  layout: Layout,
  folder: Folder,
  name: string,
): FoundDocument | null {
  const changes = { documents: [] as FoundDocument[], restamped: [] as FoundDocument[] };
  const row = index.mark(folder, name) ?? { name, mark: '', settled: 0 };
  compare(layout, folder, [row], new Set(), 'quick', changes);
  const [found] = changes.documents;
  return found === undefined || (found.raw === null && row.mark === '') ? null : found;
}

function watch(index: IndexDb): { rows: MarkRow[]; turn: number | null } {
  const rows = index.watchedMarks(WATCH_LIMIT, 0);
  if (rows.length < WATCH_LIMIT) return { rows, turn: null };
  const turn = index.watchTurn();
  const parts = Math.ceil(index.unfinishedCount() / WATCH_LIMIT);
  return { rows: index.watchedMarks(WATCH_LIMIT, (turn % parts) * WATCH_LIMIT), turn: turn + 1 };
}

function compare(
  layout: Layout,
  folder: Folder,
  rows: Iterable<MarkRow>,
  skip: ReadonlySet<string>,
  thoroughness: Thoroughness,
  changes: { documents: FoundDocument[]; restamped: FoundDocument[] },
  present?: ReadonlySet<string>,
): void {
  for (const row of rows) {
    if (skip.has(documentPath(folder, row.name))) continue;
    const path = join(layout[folder], `${row.name}.json`);
    const seenAt = Date.now();
    const stamp = present?.has(row.name) === false ? null : stampOf(path);
    if (stamp === null || !stamp.isFile) {
      changes.documents.push({ folder, name: row.name, raw: null, mark: '', settled: true });
      continue;
    }
    const unmoved = row.mark === stamp.mark && row.settled === 1;
    if (unmoved && thoroughness === 'quick') continue;
    const raw = readDocument(path);
    const settled =
      isSettled(stamp, seenAt) && stampOf(path)?.mark === stamp.mark && !isUnread(raw);
    const found: FoundDocument = { folder, name: row.name, raw, mark: stamp.mark, settled };
    changes.documents.push(found);
  }
}

/** Splits off what only has another stamp: its content is what the index says. */
export function withoutEqual(index: IndexDb, changes: OutsideChanges): OutsideChanges {
  const documents: FoundDocument[] = [];
  const restamped: FoundDocument[] = [];
  for (const found of changes.documents) {
    const row = index.document(found.folder, found.name);
    if (found.raw === null ? row === undefined : row?.raw === found.raw) restamped.push(found);
    else documents.push(found);
  }
  const known = new Map(restamped.map((found) => [found, index.mark(found.folder, found.name)]));
  return {
    ...changes,
    documents,
    restamped: restamped.filter((found) => {
      const row = known.get(found);
      return (
        row !== undefined && (row.mark !== found.mark || (row.settled === 1) !== found.settled)
      );
    }),
  };
}
