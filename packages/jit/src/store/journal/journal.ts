import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { doubleClaimOf } from '../../domain/double-claim.ts';
import type { Event } from '../../domain/event.ts';
import type { MergeConflict } from '../../domain/issue.ts';
import { sha256 } from '../../platform/crypto.ts';
import { cannotWrite } from '../errors.ts';
import { appendLines, eventLine, monthFile } from '../events/event-log.ts';
import { ulidAt } from '../events/ulids.ts';
import { readText } from '../files/documents.ts';
import { mergeDocuments } from '../files/merge-documents.ts';
import { stampOf } from '../files/stamp.ts';
import type { Layout } from '../layout.ts';
import { parseDocumentPath } from '../layout.ts';
import { makeFolder } from '../make-folder.ts';
import type { FileChange, JournalEntry } from './state-db.ts';
import { step } from './steps.ts';

/**
 * Writes the new contents to `local/tmp` and syncs them: a full disk or a missing right shows here, with
 * nothing changed. Errors: NOT_A_FILE (exit 10), NOT_WRITABLE (5).
 */
export function stage(
  layout: Layout,
  files: readonly FileChange[],
  logs: readonly string[],
): string[] {
  for (const path of [...files.map((file) => file.path), ...logs])
    refuseOther(join(layout.root, path));
  for (const path of new Set([...files.map((file) => dirname(file.path)), ...logs]))
    refuseLocked(join(layout.root, path));
  return files.map((file, position) => {
    if (file.after === null) return '';
    const path = stagedPath(layout, position);
    writeSynced(layout, path, file.after);
    return path;
  });
}

/** A folder or the like in the place of a file could never be replaced: such a write must not become durable. */
function refuseOther(path: string): void {
  if (stampOf(path)?.isFile !== false) return;
  throw new JitError('external', 'NOT_A_FILE', `nothing was changed: ${path} is no file`, {
    hint: 'Move it away: jit keeps a file there.',
    details: { path },
  });
}

/** What can't be written when its turn comes must not become durable. What is not there is made in the folder above. */
function refuseLocked(path: string): void {
  let there = path;
  while (!existsSync(there)) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
  } catch (error) {
    throw cannotWrite(error, there);
  }
}

function stagedPath(layout: Layout, position: number): string {
  return join(layout.tmp, `${process.pid}-${position}.json`);
}

/**
 * Brings a durable entry into the files (invariant JOURNAL-FIRST: nothing else writes them): renames them into place, appends its events, syncs. Safe to
 * repeat. A file that holds neither the content that was read nor the new one was changed from
 * outside meanwhile: issues and gates are merged field by field, the disk's value is kept, a `merge_conflict` event notes the other.
 * `staged` null: recovering, the contents are written again.
 */
export function applyEntry(
  layout: Layout,
  entry: JournalEntry,
  staged: readonly string[] | null,
): void {
  const conflicts: Event[] = [];
  const folders = new Set<string>();
  entry.files.forEach((file, position) => {
    const path = join(layout.root, file.path);
    const current = readText(path);
    const wanted = current === file.before ? file.after : outcome(entry, file, current, conflicts);
    folders.add(dirname(path));
    if (wanted !== current) {
      if (wanted === null) rmSync(path);
      else {
        makeFolder(layout.root, dirname(path));
        const ready = wanted === file.after ? staged?.[position] : undefined;
        renameSync(ready ?? writeSynced(layout, stagedPath(layout, position), wanted), path);
      }
    } else if (staged?.[position]) rmSync(staged[position], { force: true });
    step('renamed');
  });
  for (const [file, lines] of eventLines(entry, conflicts)) {
    const path = join(layout.root, file);
    makeFolder(layout.root, dirname(path));
    if (appendLines(path, lines, staged === null || conflicts.length > 0))
      folders.add(dirname(path));
    step('appended');
  }
  for (const folder of folders) syncFolder(folder);
  step('synced');
}

function eventLines(entry: JournalEntry, conflicts: readonly Event[]): Map<string, string[]> {
  const byFile = new Map(Object.entries(entry.events).map(([file, lines]) => [file, [...lines]]));
  for (const event of conflicts) {
    const file = monthFile(event.at);
    byFile.set(file, [...(byFile.get(file) ?? []), eventLine(event)]);
  }
  return byFile;
}

/** The content that a file changed by both sides must get. */
function outcome(
  entry: JournalEntry,
  file: FileChange,
  current: string | null,
  conflicts: Event[],
): string | null {
  const { path, before, after } = file;
  if (current === after) return current;
  const place = parseDocumentPath(path);
  const note = (conflict: MergeConflict) => {
    conflicts.push(conflictEvent(entry, path, place, conflict));
  };
  if (current === null || after === null) {
    note({ field: 'file', kept: 'edited', other: 'deleted' });
    return current ?? after;
  }
  const versions = { base: before, ours: current, theirs: after };
  const merged = place && mergeDocuments(place.folder, place.name, versions, isDoubleClaim);
  if (merged === null || merged.text === null) {
    note({ field: 'file', kept: 'disk', other: after });
    return current;
  }
  merged.conflicts.filter((conflict) => !isDoubleClaim(conflict)).forEach(note);
  return merged.text;
}

/** A double claim stays in the file until the next write: so every command warns of it, and that write notes it. */
function isDoubleClaim(conflict: MergeConflict): boolean {
  return doubleClaimOf(conflict) !== null;
}

/** The event of a conflict; its id follows from entry and field, so that a repeated recovery writes it once. */
function conflictEvent(
  entry: JournalEntry,
  path: string,
  place: ReturnType<typeof parseDocumentPath>,
  conflict: MergeConflict,
): Event {
  const lines = Object.values(entry.events).flat();
  const at =
    lines
      .map((line) => JSON.parse(line).at as string)
      .sort()
      .at(-1) ?? new Date(0).toISOString(); // our own lines
  const seed = sha256(`${entry.seq}\n${path}\n${conflict.field}\n${at}`);
  return {
    // After the events of the entry: a note on a deletion has to come after it.
    id: ulidAt(Date.parse(at) + 1, seed),
    at,
    type: 'merge_conflict',
    issue: place?.folder === 'issues' ? place.name : null,
    actor: 'jit',
    ...(place?.folder === 'gates' && { gate: place.name }),
    path,
    ...conflict,
  };
}

function writeSynced(layout: Layout, path: string, text: string): string {
  makeFolder(layout.root, dirname(path));
  const fd = openSync(path, 'w');
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return path;
}

function syncFolder(path: string): void {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
