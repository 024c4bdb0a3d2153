/**
 * A text from outside on one line, fit for a terminal or a drawing: control characters become
 * spaces, marks that turn the direction of what follows are left out.
 */
export function onOneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
}
