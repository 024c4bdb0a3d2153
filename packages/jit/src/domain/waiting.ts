import type { ClaimRecord, Instant } from './holding.ts';
import { msLeft } from './holding.ts';

/** The longest that can be waited for work: a day, in seconds. */
export const MAX_WAIT_SECS = 24 * 3600;

/**
 * The longest pause between two looks, in milliseconds: for file systems that tell of no change, and
 * for a wall clock that is set while somebody waits for a time.
 */
export const SLOW_LOOK_MS = 5000;

/** The shortest pause: the clocks of a machine tick in steps, and a look just before one would be in vain. */
const SHORTEST_PAUSE_MS = 20;

/** What can make an issue ready although nobody writes. */
export interface TimeFacts {
  readonly now: Instant;
  readonly claims: readonly ClaimRecord[];
  /** RFC 3339 times before which issues must not start. */
  readonly deferredUntil: readonly string[];
  /** When the wait is over, in seconds of uptime. */
  readonly end: number;
}

/**
 * Milliseconds until there is reason to look again although nothing was told: the next end of a
 * lease, the next time an issue is deferred until, the end of the wait, or the slow look.
 */
export function pauseBefore({ now, claims, deferredUntil, end }: TimeFacts): number {
  const ahead = [
    ...claims.map((claim) => msLeft(claim, now)),
    ...deferredUntil.map((time) => Date.parse(time) - now.wall),
    (end - now.uptime) * 1000,
  ].filter((ms) => ms > 0);
  return Math.max(SHORTEST_PAUSE_MS, Math.ceil(Math.min(SLOW_LOOK_MS, ...ahead)));
}
