import { describe, expect, test } from 'vitest';
import { pauseSecs, saysRateLimit } from './rate-limit.ts';

describe('the end of the output says that a provider asks for patience', () => {
  test.each([
    'API Error: 429 {"type":"error"}',
    'HTTP/1.1 429',
    'request failed with status code 429',
    'Too Many Requests',
    'openai.RateLimitError: slow down',
    'rate_limit_exceeded',
    'Rate limit reached for model x',
    'you have exceeded your rate limit',
    'you are being rate limited',
    'You exceeded your current quota, please check your plan',
    'Quota exceeded for quota metric',
    'Claude AI usage limit reached|1763640000',
    '{"type":"overloaded_error"}',
    'The server is currently overloaded',
    'RESOURCE_EXHAUSTED',
  ])('%s', (output) => {
    expect(saysRateLimit(`line\n${output}\n`, null)).toBe(true);
  });

  test.each([
    '429 tests passed, 1 failed',
    'src/limits.ts:429: error',
    'implemented the rate limiter, but its test fails',
    'rate limit: see docs',
    'no suitable overloaded function',
    'disk quota exceeded',
    'write failed: Disk quota exceeded',
    '',
  ])('but not: %s', (output) => {
    expect(saysRateLimit(output, null)).toBe(false);
  });

  test('in words of its own, where a pattern is configured, time after time', () => {
    const pattern = /please come back/gi;
    for (const _ of [1, 2]) expect(saysRateLimit('PLEASE COME BACK', pattern)).toBe(true);
    expect(saysRateLimit('go on', pattern)).toBe(false);
  });
});

describe('how long an account rests', () => {
  const endedAtMs = Date.parse('2026-11-20T10:00:00Z');
  const rest = (output: string, random = 0) =>
    pauseSecs(output, { endedAtMs, defaultSecs: 60, random });
  test.each([
    ['Retry-After: 30', 30],
    ['retry-after: 7\r\nretry-after-ms: 1500', 2],
    ['{"retry_after": 12.5}', 13],
    ['Please retry after 20 seconds', 20],
    ['retry after 5m', 300],
    ['try again in 2 minutes', 120],
    ['Please try again in 1.5s', 2],
    ['try again in 3 hours', 10_800],
    ['Retry-After: Fri, 20 Nov 2026 10:01:30 GMT', 90],
    ['limit resets at 2026-11-20T10:10:00Z', 600],
    ['x-ratelimit-reset: 1795169100', 300],
    ['usage limit reached|1795172400000', 3600],
    ['Retry-After: 10\nlater\nRetry-After: 40', 40],
    ['Retry-After: 0', 1],
    ['reset: 2026-11-20T09:00:00Z', 1],
    ['Retry-After: 999999999', 86_400],
    ['retry after 3 attempts', 60],
    ['no word about it', 60],
  ])('%s: %i s', (output, secs) => {
    expect(rest(output)).toBe(secs);
  });

  test('by chance a little longer, never shorter', () => {
    expect(rest('Retry-After: 100', 0.999_999)).toBe(110);
    expect(rest('', 0.999_999)).toBe(90);
  });
});
