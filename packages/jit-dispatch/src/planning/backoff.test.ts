import { expect, test } from 'vitest';
import { backoffSecs } from './backoff.ts';

test('the rest doubles with every attempt up to five minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => backoffSecs(attempt, 0))).toEqual([
    10, 20, 40, 80, 160, 300, 300, 300,
  ]);
});

test('up to half of it is added by chance', () => {
  expect(backoffSecs(1, 0.999999)).toBe(15);
  expect(backoffSecs(9, 0.5)).toBe(375);
});

test('an attempt below one counts as the first', () => {
  expect(backoffSecs(0, 0)).toBe(10);
});
