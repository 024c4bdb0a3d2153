import type { BigIntStats, Dirent } from 'node:fs';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** What tells one version of a file or folder from another without reading it. */
export interface Stamp {
  /** Times, inode and size in one text. */
  readonly mark: string;
  /** Wall milliseconds of the last change of content, as the file system says. */
  readonly changedAt: number;
  /** True where the file system gives times in whole seconds only. */
  readonly coarse: boolean;
  /** False for folders, pipes and the like: they hold no document. */
  readonly isFile: boolean;
}

/** The stamp of a path, or null if nothing is there. */
export function stampOf(path: string): Stamp | null {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? null : toStamp(stat);
  } catch (error) {
    // A link that leads back to itself leads to nothing.
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return null;
    throw error;
  }
}

/** True for a regular file of a folder, and for a link to one. */
export function isFile(entry: Dirent, folder: string): boolean {
  if (entry.isFile()) return true;
  return entry.isSymbolicLink() && stampOf(join(folder, entry.name))?.isFile === true;
}

/** Tells an opened file from another that was put in its place, as long as it is open. */
export function fileIdentity(path: string): string {
  try {
    const stat = statSync(path, { bigint: true });
    return `${stat.dev}:${stat.ino}`;
  } catch {
    return 'gone';
  }
}

function toStamp(stat: BigIntStats): Stamp {
  const newest = Math.max(Number(stat.mtimeMs), Number(stat.ctimeMs));
  return {
    mark: `${stat.mtimeNs}.${stat.ctimeNs}.${stat.ino}.${stat.isDirectory() ? '' : stat.size}`,
    changedAt: newest,
    isFile: stat.isFile(),
    coarse: stat.mtimeNs % 1_000_000_000n === 0n && stat.ctimeNs % 1_000_000_000n === 0n,
  };
}

/** Clock ticks of file systems, in milliseconds: a change inside one tick leaves no trace in the times. */
const TICK_MS = 100;
const COARSE_TICK_MS = 3000;

/**
 * Whether a stamp taken at `seenAt` (wall milliseconds) can be relied on: any later change would
 * have got another time. A younger one may hide a change within the same tick.
 */
export function isSettled(stamp: Stamp, seenAt: number): boolean {
  return seenAt - stamp.changedAt > (stamp.coarse ? COARSE_TICK_MS : TICK_MS);
}
