/**
 * Text that anybody may have written, for a terminal: no line breaks, no control characters, nothing
 * that turns the direction of what follows.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ');
}
