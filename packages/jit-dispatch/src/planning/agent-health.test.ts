import { expect, test } from 'vitest';
import { type AgentFacts, healthOf } from './agent-health.ts';

const iso = (secs: number): string => new Date(secs * 1000).toISOString();
const failure = (secs: number) => ({
  state: 'failed',
  failed: 'agent' as const,
  created_at: iso(secs),
  ended_at: iso(secs),
});
const facts: AgentFacts = {
  account: 'lab',
  runs: [],
  pauses: [],
  rules: { failures: 1, windowSecs: 100, pauseSecs: 10, maxPauseSecs: 10, resetSecs: 100 },
  now: 1_000_000,
};
const pause = { account: 'lab', until: iso(1060), reason: 'rate limit' };

test('an agent rests with its account, and not with another one', () => {
  expect(healthOf({ ...facts, pauses: [pause] })).toEqual({
    is: 'resting',
    until: 1_060_000,
    why: 'account lab: rate limit',
  });
  expect(healthOf({ ...facts, account: 'other', pauses: [pause] })).toEqual({ is: 'well' });
  expect(healthOf({ ...facts, pauses: [{ ...pause, until: iso(1000) }] })).toEqual({ is: 'well' });
});

test('the longer rest counts, and after it the other', () => {
  const runs = [failure(999)];
  expect(healthOf({ ...facts, runs, pauses: [pause] })).toMatchObject({ until: 1_060_000 });
  const short = { ...pause, until: iso(1005) };
  expect(healthOf({ ...facts, runs, pauses: [short] })).toMatchObject({ until: 1_009_000 });
  expect(healthOf({ ...facts, runs, pauses: [pause], now: 1_070_000 }).is).toBe('trying');
});

test('a time that is none makes nobody rest for ever', () => {
  expect(healthOf({ ...facts, pauses: [{ ...pause, until: 'soon' }] })).toEqual({ is: 'well' });
});
