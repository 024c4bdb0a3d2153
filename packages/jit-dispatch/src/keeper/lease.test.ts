import { describe, expect, test } from 'vitest';
import { leaseStep, leaseTerms, stopGrace } from './lease.ts';

const terms = leaseTerms(600_000, 10_000);
const step = (
  now: number,
  facts: { renewedAt?: number; triedAt?: number; isRenewing?: boolean; gap?: number } = {},
) => {
  const { renewedAt = 0, triedAt = renewedAt, isRenewing = false, gap = 1_000 } = facts;
  return leaseStep(terms, { now, tickedAt: now - gap, renewedAt, triedAt, isRenewing });
};

test('a lease is renewed after a third, and the agent is dead before it ends', () => {
  expect(terms).toEqual({
    renewAfter: 200_000,
    retryAfter: 10_000,
    stopAfter: 585_000,
    tick: 1_000,
  });
});

test('a short lease keeps two thirds for renewals', () => {
  const short = leaseTerms(6_000, 10_000);
  expect(short.renewAfter).toBe(2_000);
  expect(short.stopAfter).toBe(4_000);
  expect(short.retryAfter).toBe(500);
});

describe('step by step', () => {
  test('nothing is done while it is fresh', () => {
    expect(step(199_999)).toBe('wait');
  });
  test('it is renewed when it is due, and again when that failed', () => {
    expect(step(200_000)).toBe('renew');
    expect(step(205_000, { triedAt: 200_000 })).toBe('wait');
    expect(step(210_000, { triedAt: 200_000 })).toBe('renew');
  });
  test('one renewal at a time', () => {
    expect(step(230_000, { triedAt: 200_000, isRenewing: true })).toBe('wait');
  });
  test('the agent is stopped in time, also while a renewal hangs', () => {
    expect(step(585_000, { triedAt: 580_000 })).toBe('stop');
    expect(step(585_000, { triedAt: 580_000, isRenewing: true })).toBe('stop');
  });
});

describe('after the machine slept', () => {
  test('one more renewal is tried before the verdict', () => {
    expect(step(900_000, { triedAt: 200_000, gap: 700_000 })).toBe('renew');
    expect(step(901_000, { triedAt: 900_000, isRenewing: true })).toBe('wait');
  });
  test('and the agent is stopped when that fails', () => {
    expect(step(902_000, { triedAt: 900_000 })).toBe('stop');
  });
});

test('an agent that loses its lease has no more grace than its lease has time', () => {
  expect(stopGrace(10_000, 60_000)).toBe(10_000);
  expect(stopGrace(10_000, 5_000)).toBe(4_000);
  expect(stopGrace(10_000, 1_000)).toBe(500);
  expect(stopGrace(10_000, -1)).toBe(0);
});
