import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffSecs } from './backoff.ts';

const LIMITS = { firstSecs: 10, maxSecs: 300 };

test('the rest doubles with every failure up to five minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map((n) => backoffSecs(n, LIMITS, 0))).toEqual([
    10, 20, 40, 80, 160, 300, 300, 300,
  ]);
});

test('the table is the closed formula, for fixed chances and other limits', () => {
  const lines: string[] = [];
  for (const { firstSecs, maxSecs } of [LIMITS, { firstSecs: 1, maxSecs: 60 }])
    for (const random of [0, 0.25, 0.5, 0.999_999])
      for (let n = 1; n <= 10; n += 1) {
        const closed = Math.min(firstSecs * 2 ** (n - 1), maxSecs) * (1 + random / 2);
        expect(backoffSecs(n, { firstSecs, maxSecs }, random)).toBeCloseTo(closed, 0);
        lines.push(`${n}`);
      }
  console.log(`${lines.length} rests equal the closed formula`);
});

test('up to half of it is added by chance', () => {
  expect(backoffSecs(1, LIMITS, 0.999_999)).toBe(15);
  expect(backoffSecs(9, LIMITS, 0.5)).toBe(375);
});

test('whatever the limits, a rest is a time and never longer than half as much again', () => {
  const secs = fc.double({ min: 0, max: 86_400, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 100_000 }), secs, secs, (n, firstSecs, maxSecs) => {
      const rest = backoffSecs(n, { firstSecs, maxSecs }, 0.999_999);
      expect(rest).toBeGreaterThanOrEqual(0);
      expect(rest).toBeLessThanOrEqual(maxSecs * 1.5 + 0.1);
    }),
  );
});
