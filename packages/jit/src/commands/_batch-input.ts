/** A line of the input, and whether the next one is there already. */
export interface InputLine {
  readonly text: string;
  /** Another complete line has arrived: it can be run without waiting. */
  readonly more: boolean;
}

const NEWLINE = 0x0a;

/** What a line becomes whose bytes are no UTF-8: it is not the one that was meant, so it is refused. */
const UNREADABLE = '\u{fffd}';

/** Splits bytes into lines as they come. The last line needs no newline. */
export async function* inputLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const text = decode([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
      yield { text, more: chunk.indexOf(NEWLINE, start) >= 0 };
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield { text: decode(rest), more: false };
}

function decode(parts: readonly Uint8Array[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    return UNREADABLE;
  }
}
