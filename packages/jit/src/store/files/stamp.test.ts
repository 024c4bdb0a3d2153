import { expect, test } from 'vitest';
import { isSettled } from './stamp.ts';

test.each([
  ['100 ms after the change: a second change in the same tick may hide', false, 100, false],
  ['more than a tick after the change', false, 101, true],
  ['3 s after the change, where times have no fraction', true, 3000, false],
  ['more than 3 s after the change, where times have no fraction', true, 3001, true],
  ['before the change, as after a clock was set back', false, -5000, false],
])('a stamp taken %s', (_, coarse, ms, settled) => {
  const changedAt = 1_790_000_000_000;
  const stamp = { mark: 'm', changedAt, coarse, isFile: true };
  expect(isSettled(stamp, changedAt + ms)).toBe(settled);
});
