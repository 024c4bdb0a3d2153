import { describe, expect, test } from 'vitest';
import { readReport, refusalIn } from './read-report.ts';

describe('what an agent says about its work', () => {
  test.each([
    [{ status: 'done' }, 'done'],
    [{ state: 'Completed' }, 'done'],
    [{ status: 'failed', error: { message: 'no' } }, 'failed'],
    [{ status: 'cancelled' }, 'taken_back'],
    [{ status: 'running' }, 'going'],
    [{ status: 'constructor' }, 'going'],
    [{}, 'going'],
    ['done', 'going'],
    [null, 'going'],
    [undefined, 'going'],
  ])('%j is %s', (report, is) => {
    expect(readReport(report).is).toBe(is);
  });
  test('its words are kept, and only so many', () => {
    expect(readReport({ status: 'failed', detail: 'x'.repeat(5000) })).toMatchObject({
      detail: 'x'.repeat(1000),
    });
  });
  test('a change of what goes on is a sign of life', () => {
    const at = (updated_at: number) =>
      JSON.stringify(readReport({ status: 'running', updated_at }));
    expect(at(1)).toBe(at(1));
    expect(at(1)).not.toBe(at(2));
  });
});

test.each([
  [{ error: 'no capacity' }, 'no capacity'],
  [{ success: false, message: 'full' }, 'full'],
  [{ ok: false }, 'it says no more'],
  [{ error: { message: 'inner' } }, 'inner'],
  [{ error: null, id: 1 }, null],
  [{ error: '' }, null],
  [{ success: true }, null],
  [undefined, null],
])('%j with a good code is refused: %s', (report, words) => {
  expect(refusalIn(report)).toBe(words);
});
