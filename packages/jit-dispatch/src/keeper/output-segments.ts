import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../run-records.ts';

/** The files into which an agent's output goes are numbered in its order, from 0 without gaps. */
export function segmentName(index: number): string {
  return index === 0 ? RUN_FILES.output : RUN_FILES.output.replace(/\.log$/, `.${index}.log`);
}

/** The numbers of the segments in a run's folder, in order; those that were deleted are missing. */
export function listSegments(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const index = name === RUN_FILES.output ? 0 : Number(/^output\.(\d+)\.log$/.exec(name)?.[1]);
      return Number.isInteger(index) ? [index] : [];
    })
    .sort((a, b) => a - b);
}

/** Bytes of a segment from `offset` on, at most `limit`; null if it does not exist (any more). */
export function readSegment(
  folder: string,
  index: number,
  { offset, limit }: { offset: number; limit: number },
): Buffer | null {
  let file: number;
  try {
    file = openSync(join(folder, segmentName(index)), 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.max(0, Math.min(limit, size - offset)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** Size of a segment in bytes, 0 if it does not exist. */
export function sizeOfSegment(folder: string, index: number): number {
  try {
    const file = openSync(join(folder, segmentName(index)), 'r');
    try {
      return fstatSync(file).size;
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
}

/** A part of an output, in bytes from its beginning, as if nothing had been deleted. */
export interface OutputRange {
  readonly from: number;
  readonly to: number;
}

/** The end of the output, or of a part of it, at most so many bytes. Nothing is put where segments are missing. */
export function readOutputTail(
  folder: string,
  bytes: number,
  { from, to }: OutputRange = { from: 0, to: Number.POSITIVE_INFINITY },
): string {
  // All are as long as the first, but for the last.
  const segmentBytes = sizeOfSegment(folder, 0);
  const parts: Buffer[] = [];
  let left = bytes;
  for (const index of listSegments(folder).reverse()) {
    if (left <= 0) break;
    const begin = index * segmentBytes;
    const end = Math.min(to - begin, sizeOfSegment(folder, index));
    const offset = Math.max(0, from - begin, end - left);
    if (end <= offset) continue;
    const part = readSegment(folder, index, { offset, limit: end - offset });
    if (part === null) continue;
    parts.unshift(part);
    left -= part.length;
  }
  return Buffer.concat(parts).toString('utf8');
}
