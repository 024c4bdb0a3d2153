import { listSegments, readSegment, sizeOfSegment } from '../keeper/output-segments.ts';

/** A piece of an agent's output. */
export interface OutputPiece {
  readonly bytes: Buffer;
  /** Bytes that were not kept, right before these. */
  readonly leftOut: number;
}

/** Reads the output of a run in its order, also while it grows. */
export interface OutputReader {
  /** What comes next, or null if there is nothing more now. */
  next(): OutputPiece | null;
  /** True once a file of it was there. */
  readonly exists: boolean;
}

const PIECE_BYTES = 256 * 1024;

/** Opens the output in a run's folder from its beginning. */
export function openOutput(folder: string): OutputReader {
  let index = 0;
  let offset = 0;
  let exists = false;
  const next = (): OutputPiece | null => {
    // Looked at before reading: a segment that has a successor is complete.
    const segments = listSegments(folder);
    exists ||= segments.length > 0;
    const later = segments.find((each) => each > index);
    const bytes = readSegment(folder, index, { offset, limit: PIECE_BYTES });
    if (bytes !== null && bytes.length > 0) {
      offset += bytes.length;
      return { bytes, leftOut: 0 };
    }
    if (later === undefined) return null;
    const leftOut = (later - index) * sizeOfSegment(folder, 0) - offset;
    index = later;
    offset = 0;
    if (leftOut <= 0) return next();
    return { bytes: Buffer.alloc(0), leftOut };
  };
  return {
    next,
    get exists() {
      return exists;
    },
  };
}
