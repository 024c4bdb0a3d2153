const FIRST_SECS = 10;
const MAX_SECS = 300;

/**
 * How long an issue rests after its n-th failed attempt: doubling from 10 s to 300 s, plus up to
 * half of that, so that issues that failed together don't come back together.
 * @param random in [0, 1)
 */
export function backoffSecs(attempt: number, random: number): number {
  const base = Math.min(FIRST_SECS * 2 ** Math.max(0, attempt - 1), MAX_SECS);
  return Math.round(base * (1 + random / 2));
}
