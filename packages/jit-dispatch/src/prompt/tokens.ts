import { estimateTokenCount, sliceByTokens } from 'tokenx';

/** Up to here a text is counted, beyond it a part of it is. */
const COUNTED_CHARS = 32 * 1024;
const SAMPLES = 4;
/** Hardly a token has more characters. */
const CHARS_PER_TOKEN = 40;

/** How many tokens a text has: an estimate, and a rough one for a long text. */
export function roughTokens(text: string): number {
  if (text.length <= COUNTED_CHARS) return estimateTokenCount(text);
  const each = COUNTED_CHARS / SAMPLES;
  const step = (text.length - each) / (SAMPLES - 1);
  const parts = Array.from({ length: SAMPLES }, (_, index) => {
    const from = Math.floor(index * step);
    return estimateTokenCount(text.slice(from, from + each));
  });
  const found = parts.reduce((sum, count) => sum + count, 0);
  return Math.ceil((found * text.length) / COUNTED_CHARS);
}

/** How many tokens a text has by the estimate of the budget, but roughly where it has more than that. */
export function tokensOf(text: string, budget: number): number {
  const rough = roughTokens(text);
  return rough > 2 * budget ? rough : estimateTokenCount(text);
}

/** The first tokens of a text, and no half character. */
export function headOf(text: string, tokens: number): string {
  const part = text.slice(0, tokens * CHARS_PER_TOKEN);
  return sliceByTokens(part, 0, tokens).replace(/[\uD800-\uDBFF]$/, '');
}

/** The last ones. */
export function tailOf(text: string, tokens: number): string {
  const part = text.slice(-tokens * CHARS_PER_TOKEN);
  return sliceByTokens(part, -tokens).replace(/^[\uDC00-\uDFFF]/, '');
}
