import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { segmentName } from './output-segments.ts';

/** The output of an agent in files that together never grow beyond a cap. */
export interface OutputLog {
  write(chunk: Uint8Array): void;
  /** Bytes up to here, as if nothing had been deleted. */
  position(): number;
  close(): void;
}

/** How many files the output of a run has at most. */
export const SEGMENTS = 5;

/**
 * Opens the log. Its files are equally long; when there would be one too many, the oldest goes, but for
 * the first, which tells how it began. It never throws: a full disk costs output, not the run.
 */
export function openOutputLog(folder: string, capBytes: number): OutputLog {
  const segmentBytes = Math.max(1, Math.floor(capBytes / SEGMENTS));
  let index = 0;
  let size = 0;
  let lost = 0;
  let file = openSegment(folder, 0);

  /** Writes what fits into the segment; the number of bytes written. */
  const writeSome = (chunk: Uint8Array): number => {
    if (size >= segmentBytes) advance();
    file ??= openSegment(folder, index);
    if (file === null) throw new Error('no file');
    const written = writeSync(file, chunk, 0, Math.min(chunk.length, segmentBytes - size));
    size += written;
    return written;
  };

  const advance = (): void => {
    if (file !== null) closeSync(file);
    file = null;
    // Deleted before the next one is begun, so that the sum is never above the cap.
    const oldest = index - SEGMENTS + 2;
    if (oldest > 0) rmSync(join(folder, segmentName(oldest)), { force: true });
    index += 1;
    size = 0;
  };

  const place = (chunk: Uint8Array): number => {
    let done = 0;
    try {
      while (done < chunk.length) done += writeSome(chunk.subarray(done));
    } catch {
      // Tried again with the next chunk: there may be room then.
    }
    return done;
  };

  return {
    write(chunk) {
      if (lost > 0) {
        const gap = Buffer.from(`\n[… ${lost} bytes could not be written …]\n`);
        if (place(gap) < gap.length) {
          lost += chunk.length;
          return;
        }
        lost = 0;
      }
      lost += chunk.length - place(chunk);
    },
    position: () => index * segmentBytes + size,
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

function openSegment(folder: string, index: number): number | null {
  try {
    return openSync(join(folder, segmentName(index)), 'w', 0o600);
  } catch {
    return null;
  }
}
