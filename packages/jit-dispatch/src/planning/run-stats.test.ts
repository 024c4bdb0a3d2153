import { RUN_STATES } from '@jit/contract/vocabulary';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CountedRun, countByAgent, countRuns, countStates, perHour } from './run-stats.ts';

const run = (facts: Partial<CountedRun>): CountedRun => ({
  agent: 'a',
  state: 'completed',
  reason: null,
  failed: null,
  created_at: '2026-11-20T10:00:00.000Z',
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
    run_secs: { mean: 10, p50: 10, p95: 10 },
  });
  expect(countByAgent(runs).map(({ agent, total }) => [agent, total])).toEqual([
    ['a', 8],
    ['b', 1],
  ]);
});

test('without runs there is nothing to divide by', () => {
  expect(countRuns([]).run_secs).toBeNull();
  expect(perHour(0, 5, 5)).toBeNull();
  expect(perHour(3, 0, 1_800_000)).toBe(6);
});

test('of a hundred runs the median and the 95th of them are told, and a clock set back tells nothing', () => {
  const runs = Array.from({ length: 100 }, (_, n) =>
    run({ ended_at: new Date(Date.parse('2026-11-20T10:00:01.000Z') + n * 1000).toISOString() }),
  );
  const back = run({ ended_at: '2026-11-20T09:00:00.000Z' });
  expect(countRuns([...runs, back]).run_secs).toEqual({ mean: 50.5, p50: 50, p95: 95 });
});

test('whatever there is, the agents and the states add up to the total', () => {
  const some = fc.record({
    agent: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom(...RUN_STATES),
  });
  fc.assert(
    fc.property(fc.array(some), (facts) => {
      const runs = facts.map((each) => run(each));
      const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
      expect(sum(countByAgent(runs).map(({ total }) => total))).toBe(runs.length);
      expect(sum(Object.values(countStates(runs)))).toBe(runs.length);
    }),
  );
});
