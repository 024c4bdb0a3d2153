import { usageError } from '@jit/contract/errors';
import { timeOf } from '../domain/time.ts';

/**
 * A time in UTC with milliseconds.
 * @param flag the flag it was given with, for the message
 * @param also what else the flag takes, for the hint
 * @throws JitError usage for a text that is no time, or a day that is not in the calendar
 */
export function parseTime(text: string, flag: string, also: string): string {
  const time = timeOf(text);
  if (time !== null) return time;
  throw usageError(`${flag}: "${text}" is no time`, {
    hint: `RFC 3339, such as 2026-12-24 or 2026-12-24T09:00:00Z, or ${also}.`,
  });
}
