import type { OutputPiece, OutputReader } from '../../runners/open-output.ts';

/** All that is there now. */
export function collectText(reader: OutputReader): { text: string; leftOut: number } {
  const pieces: OutputPiece[] = [];
  for (let piece = reader.next(); piece !== null; piece = reader.next()) pieces.push(piece);
  const parts = pieces.map(({ bytes, leftOut }) => (leftOut > 0 ? gapLine(leftOut) : bytes));
  return {
    text: Buffer.concat(parts).toString('utf8'),
    leftOut: pieces.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
}

/** Stands where output was not kept; the lines around it are cut. */
export function gapLine(bytes: number): Buffer {
  return Buffer.from(`\n[… ${bytes} bytes left out …]\n`);
}

/** The last lines of a text, the last of them perhaps unfinished. */
export function lastLines(text: string, count: number): string {
  if (count === 0) return '';
  let at = text.endsWith('\n') ? text.length - 1 : text.length;
  for (let line = 0; line < count; line += 1) {
    at = text.lastIndexOf('\n', at - 1);
    if (at < 0) return text;
    if (at === 0) return line + 1 === count ? text.slice(1) : text;
  }
  return text.slice(at + 1);
}
