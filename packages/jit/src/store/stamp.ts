import type { BigIntStats } from 'node:fs';
import { statSync } from 'node:fs';

/** What tells one version of a file or folder from another without reading it. */
export interface Stamp {
  /** Times, inode and size in one text. */
  readonly mark: string;
  /** Wall milliseconds of the last change of content, as the file system says. */
  readonly changedAt: number;
  /** True where the file system gives times in whole seconds only. */
  readonly coarse: boolean;
}

/** The stamp of a path, or null if nothing is there. */
export function stampOf(path: string): Stamp | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : toStamp(stat);
}

function toStamp(stat: BigIntStats): Stamp {
  const newest = Math.max(Number(stat.mtimeMs), Number(stat.ctimeMs));
  return {
    mark: `${stat.mtimeNs}.${stat.ctimeNs}.${stat.ino}.${stat.isDirectory() ? '' : stat.size}`,
    changedAt: newest,
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
