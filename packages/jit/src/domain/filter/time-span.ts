import { timeOf } from '../time.ts';
import type { TimeSpan } from './expression.ts';
import { FilterProblem } from './expression.ts';
import type { WrittenValue } from './lexer.ts';

const DAY_MS = 24 * 3600 * 1000;

/** The span that a value names: a day in UTC, a minute, a second or a millisecond. Errors: FilterProblem. */
export function spanOf({ offset, pattern }: WrittenValue): TimeSpan {
  const text = pattern.join('*');
  const time = timeOf(text);
  if (time === null) {
    throw new FilterProblem(offset, `"${text}" is no date or time`, [
      '2026-11-20',
      '2026-11-20T10:00:00Z',
    ]);
  }
  const start = Date.parse(time);
  return { start, end: start + lengthOf(text) };
}

function lengthOf(text: string): number {
  if (!text.includes('T')) return DAY_MS;
  const [, second, fraction] = /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?/.exec(text) ?? [];
  if (second === undefined) return 60_000;
  return fraction === undefined ? 1000 : 1;
}
