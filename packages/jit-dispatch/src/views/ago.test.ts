import { expect, test } from 'vitest';
import { ago } from './ago.ts';

const NOW = '2026-11-21T12:00:00.000Z';

test.each([
  ['2026-11-21T11:59:59.500Z', '0s'],
  ['2026-11-21T11:59:01.000Z', '59s'],
  ['2026-11-21T11:59:00.000Z', '1m'],
  ['2026-11-21T10:00:01.000Z', '1h'],
  ['2026-11-20T12:00:00.000Z', '1d'],
  ['2025-11-21T12:00:00.000Z', '365d'],
  ['2026-11-21T12:04:00.000Z', '4m'],
])('%s is %s away', (time, words) => {
  expect(ago(time, NOW)).toBe(words);
});
