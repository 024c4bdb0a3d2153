import { expect, test } from 'vitest';
import { findRetryAt } from './rate-limit.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;

const retryAt = (status: number, headers: Record<string, string> = {}, text = '') =>
  findRetryAt({ status, headers: new Headers(headers), text }, NOW);

test.each([
  ['seconds', 429, { 'retry-after': '90' }, 90_000],
  ['seconds with 403', 403, { 'retry-after': '90' }, 90_000],
  ['a date', 429, { 'retry-after': 'Thu, 01 Jan 2026 12:05:00 GMT' }, 5 * MINUTE],
  ['a date that is over', 429, { 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
  ['the end of the hour', 403, reset(0, 30 * MINUTE), 30 * MINUTE],
  ['both: the seconds', 403, { ...reset(0, 30 * MINUTE), 'retry-after': '60' }, MINUTE],
  ['no time', 429, {}, MINUTE],
  ['no time that can be read', 429, { 'retry-after': 'soon' }, MINUTE],
  ['a year', 429, { 'retry-after': '31536000' }, 24 * 60 * MINUTE],
  ['some left, but 429', 429, reset(17, 30 * MINUTE), MINUTE],
] as const)('a forge that asks for patience with %s gets it', (_, status, headers, waits) => {
  expect(retryAt(status, headers)).toBe(NOW + waits);
});

test('a secondary limit is known by what GitHub says', () => {
  const text = '{"message":"You have exceeded a secondary rate limit."}';
  expect(retryAt(403, reset(4000, 30 * MINUTE), text)).toBe(NOW + MINUTE);
});

test('a refusal is no rate limit, and neither is success with the last request of the hour', () => {
  expect(retryAt(403, reset(4000, 30 * MINUTE), '{"message":"no right"}')).toBeNull();
  expect(retryAt(404, { 'retry-after': '90' })).toBeNull();
  expect(retryAt(503, { 'retry-after': '90' })).toBeNull();
  expect(retryAt(200, reset(0, 30 * MINUTE))).toBeNull();
});

function reset(remaining: number, ms: number) {
  return {
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String((NOW + ms) / 1000),
  };
}
