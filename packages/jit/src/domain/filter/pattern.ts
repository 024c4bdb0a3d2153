import type { Pattern } from './expression.ts';

/** The text of a pattern without stars, else undefined. */
export function literalOf(pattern: Pattern): string | undefined {
  return pattern.length === 1 ? pattern[0] : undefined;
}

/** Whether the whole text fits: stars stand for anything, nothing included. */
export function fitsWhole(pattern: Pattern, text: string): boolean {
  const [first = '', ...others] = pattern;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  const at = findInOrder(others, text, first.length);
  return at !== null && at <= end;
}

/** Whether a part of the text fits. */
export function fitsPart(pattern: Pattern, text: string): boolean {
  return findInOrder(pattern, text, 0) !== null;
}

/** Where the last of the parts ends, found one after the other from `start`; null if one is missing. */
function findInOrder(parts: readonly string[], text: string, start: number): number | null {
  let at = start;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return null;
    at = found + part.length;
  }
  return at;
}
