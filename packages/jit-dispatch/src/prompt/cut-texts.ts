import { estimateTokenCount, sliceByTokens } from 'tokenx';
import type { Keep } from './sections.ts';

/**
 * Cuts the longest of some texts until all together have so many tokens, besides the marks that say
 * how much is gone.
 */
export function cutTexts(texts: readonly string[], tokens: number, keep: Keep): readonly string[] {
  const sizes = texts.map((text) => estimateTokenCount(text));
  const level = levelFor(sizes, tokens);
  return texts.map((text, index) => cutText(text, { size: sizes[index] ?? 0, level, keep }));
}

/** The size above which texts are cut, so that all of them have `tokens`. */
function levelFor(sizes: readonly number[], tokens: number): number {
  let room = tokens;
  const sorted = [...sizes].sort((a, b) => a - b);
  for (const [index, size] of sorted.entries()) {
    const share = Math.floor(room / (sorted.length - index));
    if (size > share) return Math.max(0, share);
    room -= size;
  }
  return Number.POSITIVE_INFINITY;
}

function cutText(
  text: string,
  { size, level, keep }: { size: number; level: number; keep: Keep },
): string {
  if (size <= level) return text;
  const mark = `[… about ${size - level} tokens are left out …]`;
  if (level === 0) return mark;
  if (keep === 'head') return `${head(text, level)}\n${mark}`;
  if (keep === 'tail') return `${mark}\n${tail(text, level)}`;
  const first = Math.ceil(level / 2);
  const rest = level - first;
  return `${head(text, first)}\n${mark}${rest === 0 ? '' : `\n${tail(text, rest)}`}`;
}

/** Half a character is no text. */
function head(text: string, tokens: number): string {
  return sliceByTokens(text, 0, tokens).replace(/[\uD800-\uDBFF]$/, '');
}

function tail(text: string, tokens: number): string {
  return sliceByTokens(text, -tokens).replace(/^[\uDC00-\uDFFF]/, '');
}
