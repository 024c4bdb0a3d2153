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

test('a person who paused it counts first, then its check, then its rest', () => {
  const last = { isWell: false, detail: 'exit code 1', at: iso(990) };
  const check = { everySecs: 60, last };
  expect(healthOf({ ...facts, pauses: [pause], check, paused: 'by ana' })).toEqual({
    is: 'paused',
    why: 'by ana',
  });
  expect(healthOf({ ...facts, pauses: [pause], check })).toEqual({
    is: 'unhealthy',
    why: 'exit code 1',
  });
  expect(healthOf({ ...facts, check: { ...check, last: { ...last, isWell: true } } }).is).toBe(
    'well',
  );
});

test('a check that was never made, or was missed three times, is no sign of health', () => {
  const checked = (last: { isWell: boolean; detail: string; at: string } | null) =>
    healthOf({ ...facts, check: { everySecs: 60, last } });
  const well = (secs: number) => checked({ isWell: true, detail: '', at: iso(secs) }).is;
  expect(checked(null)).toEqual({ is: 'unhealthy', why: 'its health is not checked yet' });
  expect([well(1000 - 240), well(1000 - 241), well(1000 + 241)]).toEqual([
    'well',
    'unhealthy',
    'unhealthy',
  ]);
});
