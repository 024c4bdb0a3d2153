import { readdirSync, readFileSync } from 'node:fs';
import type { Issue } from '../domain/issue.ts';
import { parseGate, parseIssue, Unreadable } from './codec.ts';

/** The names of the documents in a folder. Files with other endings, such as temporary ones, are none. */
export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json') && !file.startsWith('.'))
      .map((file) => file.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The text of a file, or null if nothing is there. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
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
    return { issue: parseIssue(raw, name), problem: null };
  } catch (error) {
    if (error instanceof Unreadable) return { issue: null, problem: error.message };
    throw error;
  }
}

/** Why a gate's text can't be used, or null if it can. */
export function gateProblem(raw: string, name: string): string | null {
  try {
    parseGate(raw, name);
    return null;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}
