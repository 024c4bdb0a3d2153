/** Criteria read from a text, and whether its line breaks were written as the two characters `\n`. */
export interface Criteria {
  readonly criteria: readonly string[];
  readonly unescaped: boolean;
}

const BULLET = /^\s*(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/;

/**
 * Splits a text into criteria: one per bullet, or one per line where there are no bullets. An
 * indented line after a bullet belongs to it.
 */
export function splitAcceptance(text: string): Criteria {
  const unescaped = !text.includes('\n') && /\\n\s*(?:[-*+•]|\d+[.)])/.test(text);
  const lines = text.split(unescaped ? /\\n/ : /\r?\n/);
  const criteria: string[] = [];
  let inBullet = false;
  for (const line of lines) {
    const content = line.replace(BULLET, '').trim();
    const bullet = BULLET.test(line);
    if (content === '') {
      inBullet = false;
      continue;
    }
    if (!bullet && inBullet && /^\s/.test(line)) {
      criteria.push(`${criteria.pop() ?? ''} ${content}`);
      continue;
    }
    criteria.push(content);
    inBullet = bullet;
  }
  return { criteria, unescaped };
}
