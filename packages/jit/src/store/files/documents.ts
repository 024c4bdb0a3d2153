import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import type { Issue } from '../../domain/issue.ts';
import { sha256 } from '../../platform/crypto.ts';
import { parseGate, parseIssue, Unreadable } from './codec.ts';
import { isFile } from './stamp.ts';

/** The names of the documents in a folder. Files with other endings, such as temporary ones, are none. */
export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.name.endsWith('.json') && !entry.name.startsWith('.'))
      .filter((entry) => isFile(entry, folder))
      .map((entry) => entry.name.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    // A file in the place of the folder is no empty folder: its documents are not gone.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Stands in for the text of a file that has none, followed by the problem and, where there is
 * content, its hash. Being no JSON it can never be taken for a document.
 */
const NO_TEXT = '\u0000no text: ';
const NO_ACCESS = `${NO_TEXT}it can't be read: `;

/** The text of a file (or what stands in for it where it is not UTF-8), or null if nothing is there. */
export function readText(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    if (isUtf8(bytes)) return bytes.toString('utf8');
    return `${NO_TEXT}it is not UTF-8\u0000${sha256(bytes.toString('latin1')).toString('hex')}`;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** As readText, but a file that can't be read has a problem like any other: it disturbs no other file. */
export function readDocument(path: string): string | null {
  try {
    return readText(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return error.code === 'EISDIR' ? null : `${NO_ACCESS}${error.code}`;
  }
}

/** True where a file could not be read, so that it is worth another try although it has not changed. */
export function isUnread(raw: string | null): boolean {
  return raw?.startsWith(NO_ACCESS) === true;
}

function refuseNoText(raw: string): void {
  if (raw.startsWith(NO_TEXT)) {
    throw new Unreadable(raw.slice(NO_TEXT.length).split('\u0000')[0]);
  }
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

/** An issue file's text as far as it can be understood. */
export type ParsedIssue = { issue: Issue; problem: null } | { issue: null; problem: string };

/** Reads an issue's text; a problem is returned, not thrown. */
export function tryParseIssue(raw: string, name: string): ParsedIssue {
  try {
    refuseNoText(raw);
    return { issue: parseIssue(raw, name), problem: null };
  } catch (error) {
    if (error instanceof Unreadable) return { issue: null, problem: error.message };
    throw error;
  }
}

/** Why a gate's text can't be used, or null if it can. */
export function gateProblem(raw: string, name: string): string | null {
  try {
    refuseNoText(raw);
    parseGate(raw, name);
    return null;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}
