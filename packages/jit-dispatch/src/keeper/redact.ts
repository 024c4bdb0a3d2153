/** Takes secrets out of a stream of bytes. */
export interface Redactor {
  /** What of the stream can be passed on by now. */
  push(chunk: Uint8Array): Buffer;
  /** The rest, at the end of the stream. */
  flush(): Buffer;
}

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

const MARK = Buffer.from(REDACTED);
const NOTHING = Buffer.alloc(0);

/**
 * A redactor for one stream: gives what replacing all secrets in the whole of it would give, the first
 * match first and of several at one place the longest. It holds back only bytes that may be the
 * beginning of a secret, at most one less than the longest has, so that all else shows at once.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const needles = [...new Set(secrets)]
    .filter((text) => text !== '')
    .map((text) => Buffer.from(text));
  let held: Buffer = NOTHING;

  const redact = (text: Buffer, isEnd: boolean): Buffer => {
    const out: Buffer[] = [];
    const findNext = createSearch(text, needles);
    const findBeginning = (from: number) =>
      isEnd ? text.length : firstBeginning(text, from, needles);
    let position = 0;
    let pending = findBeginning(0);
    for (;;) {
      const match = findNext(position);
      if (match === null || match.at >= pending) {
        out.push(text.subarray(position, pending));
        held = Buffer.from(text.subarray(pending));
        return Buffer.concat(out);
      }
      out.push(text.subarray(position, match.at), MARK);
      position = match.at + match.length;
      if (pending < position) pending = findBeginning(position);
    }
  };

  return {
    push(chunk) {
      if (needles.length === 0) return Buffer.from(chunk);
      return redact(held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]), false);
    },
    flush: () => redact(held, true),
  };
}

/** A whole text without the secrets. */
export function redactText(text: string, secrets: Iterable<string>): string {
  const redactor = createRedactor([...secrets]);
  return Buffer.concat([redactor.push(Buffer.from(text)), redactor.flush()]).toString('utf8');
}

/** Finds the first secret from a place on that only grows; of several at one place the longest. */
function createSearch(
  text: Buffer,
  needles: readonly Buffer[],
): (from: number) => { at: number; length: number } | null {
  const places = needles.map((needle) => ({ needle, at: text.indexOf(needle) }));
  return (from) => {
    let best: { at: number; length: number } | null = null;
    for (const place of places) {
      const { needle } = place;
      // Not looked for again before it is passed: a text full of secrets takes no longer.
      if (place.at >= 0 && place.at < from) place.at = text.indexOf(needle, from);
      if (place.at < 0) continue;
      if (
        best === null ||
        place.at < best.at ||
        (place.at === best.at && needle.length > best.length)
      )
        best = { at: place.at, length: needle.length };
    }
    return best;
  };
}

/** Where the bytes up to the end begin a secret that is not complete yet; else the end. */
function firstBeginning(text: Buffer, from: number, needles: readonly Buffer[]): number {
  let first = text.length;
  for (const needle of needles) {
    const start = Math.max(from, text.length - needle.length + 1);
    for (let at = start; at < first; at += 1) {
      at = text.indexOf(needle[0] ?? 0, at);
      if (at < 0 || at >= first) break;
      const rest = text.length - at;
      if (text.compare(needle, 0, rest, at, text.length) === 0) first = at;
    }
  }
  return first;
}
