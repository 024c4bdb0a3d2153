import { expect, test } from 'vitest';
import { createShutdown } from './shutdown.ts';

test('a stop drains first, then stops, each within its limit', () => {
  let now = 1_000;
  const shutdown = createShutdown({ drainMs: 75, stopMs: 20 }, () => now);
  expect([shutdown.phase, shutdown.remainingMs()]).toEqual(['running', null]);
  shutdown.advance();
  now += 70;
  expect([shutdown.phase, shutdown.remainingMs()]).toEqual(['draining', 5]);
  shutdown.advance();
  expect([shutdown.phase, shutdown.remainingMs()]).toEqual(['stopping', 20]);
  shutdown.advance();
  now += 100;
  expect([shutdown.phase, shutdown.remainingMs()]).toEqual(['stopping', 0]);
});
