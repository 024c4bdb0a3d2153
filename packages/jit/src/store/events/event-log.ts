import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../domain/event.ts';
import { isFile, stampOf } from '../files/stamp.ts';
import type { EventFileRow, IndexDb } from '../index/index-db.ts';
import type { Layout } from '../layout.ts';
import { EMPTY_HASH, extendHash } from './prefix-hash.ts';

const MONTH_FILE = /^\d{4}-\d{2}\.jsonl$/;

/** Ids are ULIDs: only so do they sort by time, and have one that comes next. */
const EVENT_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The path inside `.jit` of the month file that an event of this time belongs to. */
export function monthFile(at: string): string {
  return `events/${at.slice(0, 7)}.jsonl`;
}

/** The line of an event, without its newline. */
export function eventLine(event: Event): string {
  return JSON.stringify(event);
}

/** Reads a line of the log, or null if it is none. */
export function parseEventLine(line: string): Event | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const event = value as Event; // checked field by field below
    const whole =
      typeof event.id === 'string' &&
      EVENT_ID.test(event.id) &&
      typeof event.type === 'string' &&
      typeof event.at === 'string';
    return whole ? event : null;
  } catch {
    return null;
  }
}

/**
 * Appends lines to a month file in one write; without lines it only ends a torn one. A torn last line that begins one of them is cut off,
 * any other torn line is ended with a newline. With `recovering`, lines whose ids the file holds
 * already are left out. Returns true if the file was made by this.
 */
export function appendLines(path: string, lines: readonly string[], recovering: boolean): boolean {
  const fd = openSync(path, 'a+');
  try {
    const size = fstatSync(fd).size;
    let missing = lines;
    let start = '';
    if (size > 0 && lastByte(fd, size) !== 0x0a) {
      const text = readFileSync(path);
      const torn = text.subarray(text.lastIndexOf(0x0a) + 1).toString('utf8');
      if (lines.some((line) => line.startsWith(torn)))
        ftruncateSync(fd, text.lastIndexOf(0x0a) + 1);
      else start = '\n';
    }
    if (recovering && size > 0) {
      const present = readFileSync(path, 'utf8');
      missing = lines.filter((line) => !present.includes(line.slice(0, line.indexOf(',') + 1)));
    }
    const text = start + missing.map((line) => `${line}\n`).join('');
    if (text !== '') writeAll(fd, text);
    fsyncSync(fd);
    return size === 0;
  } finally {
    closeSync(fd);
  }
}

function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, size - 1);
  return byte[0];
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** New lines of the log since the index last read it. */
export interface EventDelta {
  readonly events: readonly { event: Event; file: string; line: string }[];
  readonly files: readonly {
    file: string;
    bytes: number;
    hash: string;
    mark: string;
    fresh: boolean;
  }[];
  readonly gone: readonly string[];
}

/**
 * What the month files hold beyond the index: a month that only grew is read from where the index
 * stopped, one that changed otherwise is read again. Without an index everything is new.
 */
export function readEventDelta(index: IndexDb | null, layout: Layout): EventDelta {
  return readNewLines(new Map((index?.eventFiles() ?? []).map((row) => [row.file, row])), layout);
}

/** How far a month file has been read, and a hash of that part. */
export type KnownEventFile = Pick<EventFileRow, 'bytes' | 'hash' | 'mark'>;

/** What the month files hold beyond what is known of each. */
export function readNewLines(
  knownFiles: ReadonlyMap<string, KnownEventFile>,
  layout: Layout,
): EventDelta {
  const known = new Map(knownFiles);
  const events: { event: Event; file: string; line: string }[] = [];
  const files: EventDelta['files'][number][] = [];
  for (const name of monthNames(layout)) {
    const file = `events/${name}`;
    const path = join(layout.events, name);
    const row = known.get(file);
    known.delete(file);
    const stamp = stampOf(path);
    if (stamp === null || row?.mark === stamp.mark) continue;
    const content = readMonth(path);
    if (content === null) continue;
    const grew =
      row !== undefined &&
      content.length >= row.bytes &&
      extendHash(EMPTY_HASH, content.subarray(0, row.bytes)) === row.hash;
    const from = grew ? row.bytes : 0;
    const end = content.lastIndexOf(0x0a) + 1;
    for (const line of content.subarray(from, end).toString('utf8').split('\n')) {
      const event = line === '' ? null : parseEventLine(line);
      if (event !== null) events.push({ event, file, line });
    }
    files.push({
      file,
      bytes: end,
      hash: extendHash(EMPTY_HASH, content.subarray(0, end)),
      mark: stamp.mark,
      fresh: !grew,
    });
  }
  return { events, files, gone: [...known.keys()] };
}

/** The bytes of a month file, or null where it can't be read; `validate` tells why. */
function readMonth(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** Takes new lines into the index, within one transaction of the index. */
export function takeInEvents(index: IndexDb, delta: EventDelta): void {
  for (const file of delta.gone) index.forgetEventFile(file);
  for (const { fresh, ...row } of delta.files) {
    if (fresh) index.forgetEventFile(row.file);
    index.setEventFile(row);
  }
  for (const { event, file, line } of delta.events) {
    index.putEvent(event, file, line);
    // The other side of a merge deleted what is still here: the next write notes it.
    const isHere =
      event.type === 'issue_deleted' &&
      event.issue !== null &&
      index.document('issues', event.issue) !== undefined;
    if (isHere) index.addUnsettled(event.issue);
  }
}

/** A month file as it was before lines were appended. */
export interface LogFileState {
  readonly mark: string;
  readonly bytes: number;
}

/** How the month files of an entry stand now. */
export function logFileStates(layout: Layout, files: readonly string[]): Map<string, LogFileState> {
  return new Map(files.map((file) => [file, logFileState(layout, file)]));
}

function logFileState(layout: Layout, file: string): LogFileState {
  const path = join(layout.root, file);
  const mark = stampOf(path)?.mark ?? 'absent';
  return { mark, bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 };
}

/**
 * Lets the index know lines that this process appended itself. A file counts as read to its end only
 * if nobody else changed it since the index last read it; else it is looked at again.
 */
export function noteAppended(
  index: IndexDb,
  layout: Layout,
  lines: Readonly<Record<string, readonly string[]>>,
  before: ReadonlyMap<string, LogFileState>,
): void {
  const rows = new Map(index.eventFiles().map((row) => [row.file, row]));
  for (const [file, added] of Object.entries(lines)) {
    for (const line of added) {
      const event = parseEventLine(line);
      if (event !== null) index.putEvent(event, file, line);
    }
    const row = rows.get(file) ?? { file, bytes: 0, hash: EMPTY_HASH, mark: 'absent' };
    const was = before.get(file);
    const chunk = Buffer.from(`${added.join('\n')}\n`, 'utf8');
    const now = logFileState(layout, file);
    const alone =
      row.mark === was?.mark && row.bytes === was.bytes && now.bytes === was.bytes + chunk.length;
    if (alone)
      index.setEventFile({
        file,
        bytes: now.bytes,
        hash: extendHash(row.hash, chunk),
        mark: now.mark,
      });
  }
}

/** The month files that are there, oldest first. */
export function monthNames(layout: Layout): string[] {
  try {
    return readdirSync(layout.events, { withFileTypes: true })
      .filter((entry) => MONTH_FILE.test(entry.name) && isFile(entry, layout.events))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}
