import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** The output of an agent in a file that never grows beyond its cap. */
export interface OutputLog {
  write(chunk: Uint8Array): void;
  close(): void;
}

/**
 * Opens the log. The first half of the cap keeps the beginning, the second half the end: it is
 * overwritten in a circle and put in order when the log is closed.
 */
export function openOutputLog(path: string, capBytes: number): OutputLog {
  const file = openSync(path, 'w+', 0o600);
  const headSize = Math.ceil(capBytes / 2);
  const tailSize = capBytes - headSize;
  let total = 0;
  let isBroken = false;

  const place = (chunk: Uint8Array): void => {
    let rest = chunk;
    while (rest.length > 0) {
      const [position, room] = slot(total);
      const length = writeSync(file, rest, 0, Math.min(rest.length, room), position);
      total += length;
      rest = rest.subarray(length);
    }
  };

  const slot = (offset: number): readonly [position: number, room: number] => {
    if (offset < headSize) return [offset, headSize - offset];
    const inTail = (offset - headSize) % tailSize;
    return [headSize + inTail, tailSize - inTail];
  };

  return {
    write(chunk) {
      // A full disk costs the output, not the run.
      if (isBroken) return;
      try {
        place(chunk);
      } catch {
        isBroken = true;
      }
    },
    close() {
      try {
        if (total > capBytes) unroll(file, { headSize, tailSize, total });
      } catch {
        // The log stays in circle order.
      } finally {
        closeSync(file);
      }
    },
  };
}

function unroll(
  file: number,
  { headSize, tailSize, total }: { headSize: number; tailSize: number; total: number },
): void {
  const tail = new Uint8Array(tailSize);
  readSync(file, tail, 0, tailSize, headSize);
  const start = (total - headSize) % tailSize;
  const marker = Buffer.from(`\n[… ${total - headSize - tailSize} bytes left out …]\n`);
  const kept = Buffer.concat([tail.subarray(start), tail.subarray(0, start)]).subarray(
    marker.length,
  );
  const text = Buffer.concat([marker, kept]);
  writeSync(file, text, 0, text.length, headSize);
  ftruncateSync(file, headSize + text.length);
}
