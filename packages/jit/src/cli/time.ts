import { usageError } from '@jit/contract/errors';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A time in UTC with milliseconds.
 * @param flag the flag it was given with, for the message
 * @param also what else the flag takes, for the hint
 * @throws JitError usage for a text that is no time, or a day that is not in the calendar
 */
export function parseTime(text: string, flag: string, also: string): string {
  const ms = RFC_3339.test(text) && isDay(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw usageError(`${flag}: "${text}" is no time`, {
    hint: `RFC 3339, such as 2026-12-24 or 2026-12-24T09:00:00Z, or ${also}.`,
  });
}

/** Whether the date is in the calendar: Date.parse takes 31 February for 3 March. */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  );
}
