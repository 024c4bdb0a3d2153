import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Writes a small JSON file so that after any crash it is there as a whole or not at all. */
export function writeRecord(path: string, value: unknown): void {
  const staged = stage(path, value);
  renameSync(staged, path);
  syncFolder(dirname(path));
}

/**
 * Like `writeRecord`, but only one caller among all processes succeeds; the others get false and
 * change nothing. A hard link makes the whole file appear at once, under its name or not at all.
 */
export function createRecord(path: string, value: unknown): boolean {
  const staged = stage(path, value);
  try {
    linkSync(staged, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(staged, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

/** The record, or null if it does not exist or holds no JSON object. */
export function readRecord<T extends object>(path: string): T | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as T) : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function stage(path: string, value: unknown): string {
  const staged = `${path}.${process.pid}.tmp`;
  const file = openSync(staged, 'w', 0o600);
  try {
    // All of it or an error: a write may come short on a full disk.
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return staged;
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
