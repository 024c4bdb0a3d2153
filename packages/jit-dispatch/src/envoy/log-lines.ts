import { oneLine } from '../views/one-line.ts';

const LONGEST = 8_192;

/** Text of the other side as lines of a log: nothing in it moves the cursor or turns what follows. */
export function toLogLines(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `${shown.split(/\r?\n/).map(oneLine).join('\n')}\n`;
}
