import type { TimeSpan } from './expression.ts';
import { FilterProblem } from './expression.ts';
import type { WrittenValue } from './lexer.ts';

const DAY_MS = 24 * 3600 * 1000;
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** The span that a value names: a day in UTC, a minute, a second or a millisecond. Errors: FilterProblem. */
export function spanOf({ offset, pattern }: WrittenValue): TimeSpan {
  const text = pattern.join('*');
  const match = TIME.exec(text);
  const start = match === null || !isDay(match) ? Number.NaN : Date.parse(text);
  if (match === null || Number.isNaN(start)) {
    throw new FilterProblem(offset, `"${text}" is no date or time`, [
      '2026-11-20',
      '2026-11-20T10:00:00Z',
    ]);
  }
  const [, , , , hour, , second, fraction] = match;
  const length =
    hour === undefined ? DAY_MS : second === undefined ? 60_000 : fraction === undefined ? 1000 : 1;
  return { start, end: start + length };
}

/** Whether the date is in the calendar: Date.parse takes 31 February for 3 March. */
function isDay([, year, month, day]: RegExpExecArray): boolean {
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
}
