/** Collects bytes and keeps the beginning and the end of them in bounded memory. */
export interface HeadAndTail {
  add(chunk: Uint8Array): void;
  /** How many bytes came. */
  readonly total: number;
  /** What was kept; where something is missing, a line says how much. */
  bytes(): Buffer;
  /** The end of what came, at most so many bytes. */
  end(size: number): Buffer;
}

/** How much of a checker's output is kept, in bytes: its beginning and its end. */
const HEAD_BYTES = 1024 * 1024;
const TAIL_BYTES = 3 * 1024 * 1024;

/** An empty collection; the tail is a ring that is made when the head is full. */
export function headAndTail(headSize = HEAD_BYTES, tailSize = TAIL_BYTES): HeadAndTail {
  const head: Buffer[] = [];
  let headLength = 0;
  let ring: Buffer | undefined;
  let total = 0;

  const addToRing = (chunk: Uint8Array): void => {
    ring ??= Buffer.alloc(tailSize);
    // Only the last part of a long chunk can stay.
    const rest = chunk.subarray(Math.max(0, chunk.length - tailSize));
    const at = (total - headSize + (chunk.length - rest.length)) % tailSize;
    const first = rest.subarray(0, tailSize - at);
    ring.set(first, at);
    ring.set(rest.subarray(first.length), 0);
    total += chunk.length;
  };

  const tail = (): Buffer => {
    if (ring === undefined) return Buffer.alloc(0);
    const length = total - headSize;
    if (length <= tailSize) return ring.subarray(0, length);
    const start = length % tailSize;
    return Buffer.concat([ring.subarray(start), ring.subarray(0, start)]);
  };

  const bytes = (): Buffer => {
    const left = total - headLength - Math.min(tailSize, total - headLength);
    const gap = left === 0 ? '' : `\n[… ${left} bytes left out …]\n`;
    return Buffer.concat([...head, Buffer.from(gap), tail()]);
  };

  return {
    add(chunk) {
      const first = chunk.subarray(0, headSize - headLength);
      if (first.length > 0) {
        head.push(Buffer.from(first)); // a copy: the chunk's memory is its sender's
        headLength += first.length;
        total += first.length;
      }
      const rest = chunk.subarray(first.length);
      if (rest.length > 0) addToRing(rest);
    },
    get total() {
      return total;
    },
    bytes,
    end: (size) => {
      const last = tail();
      const whole = last.length >= size ? last : Buffer.concat([...head, last]);
      return whole.subarray(Math.max(0, whole.length - size));
    },
  };
}
