import { RUN_STATES, WORK_CLASSES } from '@jit/contract/vocabulary';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CountedRun,
  countByAgent,
  countByClass,
  countRuns,
  countStates,
  perHour,
} from './run-stats.ts';

const run = (facts: Partial<CountedRun>): CountedRun => ({
  agent: 'a',
  state: 'completed',
  reason: null,
  failed: null,
  class: null,
  created_at: '2026-11-20T09:59:59.750Z',
  started_at: '2026-11-20T10:00:00.000Z',
  ended_at: '2026-11-20T10:00:10.000Z',
  ...facts,
});

test('each end is counted as what it was', () => {
  const runs = [
    run({}),
    run({ state: 'failed', failed: 'agent' }),
    run({ state: 'timed_out', failed: 'agent' }),
    run({ state: 'stalled', failed: 'agent' }),
    run({ state: 'failed', failed: 'rate_limit' }),
    run({ state: 'canceled', reason: 'canceled' }),
    run({ state: 'canceled', reason: 'reassigned', agent: 'b' }),
    run({ state: 'lost', started_at: null }),
    run({ state: 'running', ended_at: null }),
  ];
  expect(countRuns(runs)).toEqual({
    total: 9,
    live: 1,
    completed: 1,
    failed: 4,
    failed_by_class: { agent: 3, rate_limit: 1 },
    canceled: 2,
    reassigned: 1,
    lost: 1,
    run_secs: { mean: 10, p50: 10, p95: 10, p99: 10 },
    dispatch_ms: { mean: 250, p50: 250, p95: 250, p99: 250 },
  });
  expect(countByAgent(runs).map(({ agent, total }) => [agent, total])).toEqual([
    ['a', 8],
    ['b', 1],
  ]);
});

test('without runs there is nothing to divide by', () => {
  expect(countRuns([])).toMatchObject({ run_secs: null, dispatch_ms: null });
  expect(countRuns([run({ started_at: null })])).toMatchObject({
    run_secs: null,
    dispatch_ms: null,
  });
  expect(perHour(0, 5, 5)).toBeNull();
  expect(perHour(3, 0, 1_800_000)).toBe(6);
});

test('of a hundred runs the median, the 95th and the 99th are told, and a clock set back tells nothing', () => {
  const runs = Array.from({ length: 100 }, (_, n) =>
    run({ ended_at: new Date(Date.parse('2026-11-20T10:00:01.000Z') + n * 1000).toISOString() }),
  );
  const back = run({ ended_at: '2026-11-20T09:00:00.000Z' });
  expect(countRuns([...runs, back]).run_secs).toEqual({
    mean: 50.5,
    p50: 50,
    p95: 95,
    p99: 99,
  });
});

test('the time of dispatch goes from the decision to the start, also of runs that have not ended', () => {
  const runs = Array.from({ length: 200 }, (_, n) =>
    run({
      created_at: '2026-11-20T10:00:00.000Z',
      started_at: new Date(Date.parse('2026-11-20T10:00:00.001Z') + n).toISOString(),
      ended_at: null,
    }),
  );
  const back = run({ created_at: '2026-11-20T11:00:00.000Z' });
  expect(countRuns([...runs, back]).dispatch_ms).toEqual({
    mean: 100.5,
    p50: 100,
    p95: 190,
    p99: 198,
  });
});

test('runs are counted by the class of their work, those without one as unknown', () => {
  const runs = [
    run({ class: 'ai' }),
    run({ class: 'ai', state: 'stalled', failed: 'agent' }),
    run({ class: 'ai', state: 'canceled' }),
    run({ class: 'human' }),
    run({ state: 'timed_out', failed: 'agent' }),
  ];
  expect(countByClass(runs)).toEqual({
    human: { total: 1, completed: 1, failed: 0 },
    ai: { total: 3, completed: 1, failed: 1 },
    hybrid: { total: 0, completed: 0, failed: 0 },
    unknown: { total: 1, completed: 0, failed: 1 },
  });
});

test('whatever there is, agents, states and classes add up to the total', () => {
  const some = fc.record({
    agent: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom(...RUN_STATES),
    class: fc.constantFrom(null, ...WORK_CLASSES),
  });
  fc.assert(
    fc.property(fc.array(some), (facts) => {
      const runs = facts.map((each) => run(each));
      const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
      expect(sum(countByAgent(runs).map(({ total }) => total))).toBe(runs.length);
      expect(sum(Object.values(countStates(runs)))).toBe(runs.length);
      const classes = Object.values(countByClass(runs));
      expect(sum(classes.map(({ total }) => total))).toBe(runs.length);
      for (const name of ['completed', 'failed'] as const)
        expect(sum(classes.map((each) => each[name]))).toBe(countRuns(runs)[name]);
    }),
  );
});
