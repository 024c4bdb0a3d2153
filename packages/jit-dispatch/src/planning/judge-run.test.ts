import { expect, test } from 'vitest';
import { judgeRun, NEVER_STARTED, type RunFacts } from './judge-run.ts';

const keeper = { pid: 7, start_time: '1', boot_id: 'b' };
const facts: RunFacts = {
  keeper: null,
  isKeeperAlive: false,
  exit: null,
  hasStarted: false,
  ageMs: 0,
};
const exit = {
  reason: 'exited',
  message: '',
  code: 3,
  signal: null,
  started_at: null,
  ended_at: '2026-11-20T10:00:00.000Z',
} as const;

test('a keeper has ten seconds to report', () => {
  expect(judgeRun({ ...facts, ageMs: 9_999 })).toEqual({ is: 'starting' });
  expect(judgeRun({ ...facts, ageMs: 10_000 })).toEqual({ is: 'overdue' });
});

test('no keeper comes that was started before the machine was', () => {
  expect(judgeRun({ ...facts, ageMs: -60_000 })).toEqual({ is: 'overdue' });
});

test('a run whose agent was seen and whose folder is gone is an orphan at once', () => {
  expect(judgeRun({ ...facts, hasStarted: true })).toEqual({ is: 'orphaned' });
});

test('a run that was given up has ended, however old it is', () => {
  const abandoned = { ...facts, keeper: { abandoned: true } } as const;
  expect(judgeRun(abandoned)).toEqual({ is: 'ended', end: NEVER_STARTED });
});

test('a run runs while its keeper lives, and is an orphan after that', () => {
  expect(judgeRun({ ...facts, keeper, isKeeperAlive: true })).toEqual({ is: 'running' });
  expect(judgeRun({ ...facts, keeper })).toEqual({ is: 'orphaned' });
});

test('what the keeper recorded counts, whether it still lives or not', () => {
  for (const isKeeperAlive of [true, false])
    expect(judgeRun({ ...facts, keeper, isKeeperAlive, exit })).toEqual({ is: 'ended', end: exit });
});
