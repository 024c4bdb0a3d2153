import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The bytes of a file, or null where there is none. Errors: those of the file system. */
export function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** What a path leads to through symbolic links, also where the file at their end is not there yet. */
function targetOf(path: string, links = 0): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'ENOENT' || links > MAX_LINKS) throw error;
    const next = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
    return next ? targetOf(resolve(dirname(path), readlinkSync(path)), links + 1) : path;
  }
}

/** As many as Linux follows. */
const MAX_LINKS = 40;

/**
 * Puts new contents in the place of a file in one step, through a symbolic link and with the rights
 * it had. `before` is what the new contents were made from: a file that holds something else by now
 * is left alone, and false is returned. Errors: those of the file system.
 */
export function replaceFile(path: string, before: Buffer | null, after: Buffer): boolean {
  mkdirSync(dirname(path), { recursive: true });
  const target = targetOf(path);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    const fd = openSync(temporary, 'w');
    try {
      if (before !== null) fchmodSync(fd, statSync(target).mode & 0o7777);
      writeFileSync(fd, after);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    const now = readBytes(path);
    const isSame = before === null ? now === null : now?.equals(before) === true;
    if (isSame) renameSync(temporary, target);
    return isSame;
  } finally {
    rmSync(temporary, { force: true });
  }
}
