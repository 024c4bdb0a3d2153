import { readFileSync } from 'node:fs';
import type { Instant } from '../domain/holding.ts';

declare const __TEST_BUILD__: boolean;

/** What a test may say about the time; what is absent stays as the machine has it. */
interface Moved {
  /** Seconds that went by: on the wall clock and since the start of the machine. */
  readonly offset_secs?: number;
  /** Seconds by which somebody set the wall clock: no time went by. */
  readonly wall_secs?: number;
  /** Where the clock stands still: wall time in milliseconds, uptime in seconds. */
  readonly stands_at?: { readonly wall: number; readonly uptime: number };
  /** Another start of the machine. */
  readonly boot?: string;
}

/** The file by which a test moves the time of running processes; undefined outside the test build. */
export function testClockFile(): string | undefined {
  return __TEST_BUILD__ ? process.env.JIT_TEST_CLOCK : undefined;
}

/** The time as the file of the test has it, read anew at each call. The shipped bundle contains none of this. */
export function movedInstant(now: Instant): Instant {
  const file = testClockFile();
  if (file === undefined) return now;
  const {
    offset_secs = 0,
    wall_secs = 0,
    stands_at = now,
    boot = now.boot,
  }: Moved = JSON.parse(readFileSync(file, 'utf8'));
  return {
    wall: stands_at.wall + (offset_secs + wall_secs) * 1000,
    uptime: stands_at.uptime + offset_secs,
    boot,
  };
}
