/**
 * The candidate nearest to what was typed, or undefined when none is close enough to be meant:
 * an equal word in another case, one typing error per three letters, or a word that begins with it.
 */
export async function suggest(
  typed: string,
  candidates: readonly string[],
): Promise<string | undefined> {
  const word = typed.toLowerCase();
  if (word === '' || candidates.length === 0) return undefined;
  const same = candidates.find((candidate) => candidate.toLowerCase() === word);
  if (same !== undefined) return same;

  const { distance } = await import('fastest-levenshtein');
  const limit = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | undefined;
  let best = limit + 1;
  for (const candidate of candidates) {
    const steps = errorsBetween(word, candidate.toLowerCase(), distance);
    if (steps < best && steps < Math.min(word.length, candidate.length)) {
      nearest = candidate;
      best = steps;
    }
  }
  if (nearest !== undefined || word.length < 3) return nearest;
  return candidates.find((candidate) => candidate.toLowerCase().startsWith(word));
}

// Two letters swapped are one error to a person and two to Levenshtein.
function errorsBetween(a: string, b: string, distance: (a: string, b: string) => number): number {
  const steps = distance(a, b);
  return sorted(a) === sorted(b) ? steps / 2 : steps;
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

/** The hint that goes with a suggestion, or the other one when there is none. */
export function didYouMean(nearest: string | undefined, otherwise: string): string {
  return nearest === undefined ? otherwise : `did you mean '${nearest}'?`;
}
