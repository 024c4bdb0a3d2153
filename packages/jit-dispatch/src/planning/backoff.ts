import type { RetryLimits } from '../config/config.ts';

/**
 * How long an issue rests after its n-th failure that counts, in seconds: `firstSecs` doubled each time
 * up to `maxSecs`, plus up to half of that, so that issues that failed together don't come back together.
 * @param random in [0, 1)
 */
export function backoffSecs(
  n: number,
  { firstSecs, maxSecs }: Pick<RetryLimits, 'firstSecs' | 'maxSecs'>,
  random: number,
): number {
  // More doublings than that would only lead to numbers that can't be multiplied any more.
  const doublings = Math.min(Math.max(0, n - 1), 60);
  const base = Math.min(firstSecs * 2 ** doublings, maxSecs);
  return Math.round(base * (1 + random / 2) * 10) / 10;
}
