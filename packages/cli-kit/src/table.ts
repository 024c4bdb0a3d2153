import { stripVTControlCharacters } from 'node:util';
import cliui from 'cliui';
import stringWidth from 'string-width';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SGR = /(\u001b\[[\d;]*m)/;
const GAP = 2;
const NARROWEST = 4;

/** Lays rows out in aligned columns, cutting the widest columns until a row fits the width. */
export function layoutTable(rows: readonly (readonly string[])[], columns: number): string {
  const widths = fitWidths(naturalWidths(rows), columns);
  // Cells are cut beforehand: cliui would wrap what is too wide.
  const ui = cliui({ width: columns, wrap: false });
  for (const row of rows) {
    ui.div(
      ...row.map((cell, at) => {
        const width = widths[at] ?? 0;
        const padding = [0, GAP, 0, 0] as const;
        return { text: truncate(cell, width), width: width + GAP, padding };
      }),
    );
  }
  return ui.toString();
}

/** Columns a text takes in a terminal; escape sequences take none, wide characters two. */
export function displayWidth(text: string): number {
  const isPlain = /^[\x20-\x7e]*$/.test(text);
  return isPlain ? text.length : stringWidth(text);
}

/** Cuts a text to a width, ending in `…`. Escape sequences are kept, so colours still end. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let room = width - 1;
  let isCut = false;
  let kept = '';
  for (const [at, part] of text.split(SGR).entries()) {
    if (at % 2 === 1) {
      kept += part;
      continue;
    }
    for (const { segment } of new Intl.Segmenter().segment(stripVTControlCharacters(part))) {
      if (isCut) break;
      const step = displayWidth(segment);
      isCut = step > room;
      room -= step;
      kept += isCut ? '…' : segment;
    }
  }
  return kept;
}

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell));
    }
  }
  return widths;
}

function fitWidths(widths: readonly number[], columns: number): number[] {
  const fitted = [...widths];
  const room = columns - GAP * (fitted.length - 1);
  let excess = fitted.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = Math.max(...fitted);
    if (widest <= NARROWEST) break;
    fitted[fitted.lastIndexOf(widest)] = widest - 1;
    excess -= 1;
  }
  return fitted;
}
