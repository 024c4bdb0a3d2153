import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { PromptDocument } from '../../prompt/facts.ts';

/** Read of one document, and of all of an issue. */
const DOCUMENT_BYTES = 64 * 1024;
const ALL_BYTES = 256 * 1024;
/** The others are named. */
const MAX_READ = 20;
/** What programs keep there is no text about an issue, and may be secret. */
const INNER_FOLDERS: readonly string[] = ['.git', '.jit', '.jit-dispatch'];

/**
 * The texts of the documents of an issue, from the folder that agents work in. A path that is or leads
 * outside of it is named and never read, and so is whatever is no regular file with text in it.
 */
export function readDocuments(root: string, paths: readonly string[]): readonly PromptDocument[] {
  let room = ALL_BYTES;
  return paths.map((path, index) => {
    const leftOut = (problem: string): PromptDocument => ({ path, text: null, problem });
    if (index >= MAX_READ) return leftOut(`(not read: the first ${MAX_READ} are)`);
    if (room <= 0) return leftOut(`(not read: the others have ${ALL_BYTES / 1024} KiB already)`);
    try {
      const { text, bytes } = readInside(root, path, Math.min(room, DOCUMENT_BYTES));
      room -= bytes;
      return { path, text, problem: null };
    } catch (error) {
      if (error instanceof NotRead) return leftOut(`(not read: ${error.message})`);
      const { code } = error as NodeJS.ErrnoException;
      const isAbsent = code === 'ENOENT' || code === 'ENOTDIR';
      return leftOut(`(not read: ${isAbsent ? 'it does not exist here' : (code ?? 'it failed')})`);
    }
  });
}

class NotRead extends Error {}

function readInside(root: string, path: string, limit: number): { text: string; bytes: number } {
  const file = resolve(root, path);
  if (!isInside(root, file)) throw new NotRead('it is outside of the repository');
  // Opened first, so that what is looked at is what is read; a pipe must not keep us waiting.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { dev, ino, size, ...stats } = fstatSync(fd);
    const real = realpathSync(file);
    if (!isInside(realpathSync(root), real)) throw new NotRead('it leads out of the repository');
    const there = statSync(real);
    if (there.dev !== dev || there.ino !== ino) throw new NotRead('it was replaced meanwhile');
    if ((stats.mode & constants.S_IFMT) !== constants.S_IFREG)
      throw new NotRead('it is no regular file');
    const buffer = Buffer.alloc(Math.min(size, limit));
    const bytes = readSync(fd, buffer, 0, buffer.length, 0);
    const content = buffer.subarray(0, bytes);
    if (content.includes(0)) throw new NotRead('it is no text');
    // A character that was cut in two is left out.
    const text = content.toString('utf8').replace(/\uFFFD$/, '');
    const rest = size - bytes;
    return { text: rest > 0 ? `${text}\n[… ${rest} bytes are left out …]` : text, bytes };
  } finally {
    closeSync(fd);
  }
}

function isInside(root: string, file: string): boolean {
  const way = relative(root, file);
  const [first = ''] = way.split(sep);
  return way !== '' && first !== '..' && !isAbsolute(way) && !INNER_FOLDERS.includes(first);
}
