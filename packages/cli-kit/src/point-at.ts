/** A place in a text, as people see it. */
export interface Pointed {
  /** How many characters stand before it, plus one. An emoji or a letter with its accents is one. */
  readonly position: number;
  /** The text on one line, and a caret under the place. */
  readonly lines: readonly [string, string];
}

/**
 * Shows a place in a text.
 * @param offset in UTF-16 code units, as JavaScript counts
 */
export async function pointAt(text: string, offset: number): Promise<Pointed> {
  // A line break or a control character would put the caret under another place.
  const line = text.replace(/\p{Cc}/gu, ' ');
  const before = line.slice(0, offset);
  const { displayWidth } = await import('./table.ts');
  const position = [...new Intl.Segmenter().segment(before)].length + 1;
  return { position, lines: [line, `${' '.repeat(displayWidth(before))}^`] };
}
