/**
 * Keywords as an expression that finds any of them: a whole word in any case, or with `*` at its end the
 * beginning of one; white space stands for white space or hyphens.
 */
export function wordPattern(keywords: readonly string[]): RegExp {
  const words = keywords.map((keyword) => {
    const isBeginning = keyword.endsWith('*');
    const word = isBeginning ? keyword.slice(0, -1) : keyword;
    const parts = word
      .trim()
      .split(/\s+/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
    return `${parts.join('[\\s-]+')}${isBeginning ? '[\\p{L}\\p{N}_]*' : ''}`;
  });
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join('|')})(?![\\p{L}\\p{N}_])`, 'iu');
}

/** What is wrong with a keyword, or null. */
export function keywordProblem(keyword: string): string | null {
  const word = keyword.replace(/\*$/, '');
  if (word.trim() === '') return 'is no word';
  return word.includes('*') ? '`*` stands at the end of a keyword only' : null;
}
