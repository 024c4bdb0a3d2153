import { isUtf8 } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { JitError } from '@jit/contract/errors';
import type { MergeConflict } from '../domain/issue.ts';
import { mergeDocuments } from './files/merge-documents.ts';
import type { Folder } from './layout.ts';

/** The files that git hands to a merge driver: %O, %A, %B and %P. */
export interface DriverFiles {
  readonly base: string;
  /** Holds our version, and gets the result. */
  readonly ours: string;
  readonly theirs: string;
  /** The path in the repository. It says what kind of document it is; nothing is read there. */
  readonly path: string;
}

/** What became of it. `why` not null: the file holds both versions between conflict markers. */
export interface DriverOutcome {
  readonly why: string | null;
  readonly conflicts: readonly MergeConflict[];
}

/**
 * Merges a document for git: reads three files and writes one, nothing else. What can't be merged
 * is kept: both versions stand in the file, between conflict markers.
 */
export function mergeFiles(files: DriverFiles): DriverOutcome {
  const [base, ours, theirs] = [read(files.base), read(files.ours), read(files.theirs)];
  const outcome = merge(files.path, base, ours, theirs);
  write(files.ours, outcome.text ?? withMarkers(ours, theirs));
  return outcome.text === null
    ? { why: outcome.why, conflicts: [] }
    : { why: null, conflicts: outcome.conflicts };
}

function merge(path: string, base: Buffer, ours: Buffer, theirs: Buffer) {
  const unknown = { text: null, why: `${path} is no issue and no gate` };
  const [, folder, name] = /(?:^|\/)(issues|gates)\/([^/]+)\.json$/.exec(path) ?? [];
  if (folder === undefined || name === undefined) return unknown;
  if (![base, ours, theirs].every((bytes) => isUtf8(bytes)))
    return { text: null, why: 'it is not UTF-8' };
  const [was, kept, other] = [base, ours, theirs].map((bytes) => bytes.toString('utf8'));
  return mergeDocuments(folder as Folder, name, {
    base: was ?? null,
    ours: kept ?? '',
    theirs: other ?? '',
  });
}

function withMarkers(ours: Buffer, theirs: Buffer): Buffer {
  const line = (text: string) => Buffer.from(`${text}\n`);
  return Buffer.concat([
    line('<<<<<<< ours'),
    ended(ours),
    line('======='),
    ended(theirs),
    line('>>>>>>> theirs'),
  ]);
}

function ended(bytes: Buffer): Buffer {
  return bytes.length === 0 || bytes.at(-1) === 0x0a
    ? bytes
    : Buffer.concat([bytes, Buffer.from('\n')]);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw notThere(path, error);
  }
}

function write(path: string, content: string | Buffer): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw notThere(path, error);
  }
}

function notThere(path: string, cause: unknown): JitError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new JitError('external', 'FILE_FAILED', `${path} can't be used: ${why}`, {
    hint: 'git calls this command with its own files; jit git setup registers it.',
    details: { path },
    cause,
  });
}
