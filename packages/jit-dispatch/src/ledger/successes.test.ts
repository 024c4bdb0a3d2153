import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../test/samples.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { Run } from './run.ts';

const NEVER = '2026-01-01T00:00:00.000Z';
const ENDED = '2026-11-20T10:00:00.000Z';
let count = 0;

function open(): Ledger {
  const ledger = openLedger(join(tempFolder(), 'ledger.db'));
  onTestFinished(() => ledger.close());
  return ledger;
}

const ended = (facts: Partial<Run>): Run => {
  count += 1;
  return someRun({ run: `r${count}`, ended_at: ENDED, ...facts });
};

test('runs count for an agent and a kind of task; only failures that are its own count against it', () => {
  const ledger = open();
  const review = { task_type: 'review' };
  ledger.create([
    ended({ ...review, state: 'completed' }),
    ended({ ...review, state: 'completed' }),
    ended({ ...review, state: 'failed', failed: 'agent' }),
    ended({ ...review, state: 'timed_out', failed: 'agent' }),
    ended({ ...review, state: 'stalled', failed: 'no_progress' }),
    ended({ ...review, state: 'failed', failed: 'gate' }),
    ended({ ...review, state: 'failed', failed: 'rate_limit' }),
    ended({ ...review, state: 'failed', failed: 'tracker' }),
    ended({ ...review, state: 'failed', failed: 'environment' }),
    ended({ ...review, state: 'canceled' }),
    ended({ ...review, state: 'lost' }),
    ended({ ...review, state: 'running', ended_at: null }),
    ended({ state: 'completed' }),
    ended({ agent: 'b', ...review, state: 'completed' }),
    ended({ agent: 'c', state: 'canceled' }),
  ]);
  expect(ledger.successes(NEVER)).toEqual([
    { agent: 'a', task_type: null, completed: 1, failed: 0 },
    { agent: 'a', task_type: 'review', completed: 2, failed: 4 },
    { agent: 'b', task_type: 'review', completed: 1, failed: 0 },
  ]);
});

test('what ended earlier, or is not among the latest thousand that have ended, does not count', () => {
  const ledger = open();
  ledger.create([
    ended({ agent: 'early', state: 'completed', ended_at: '2026-11-19T10:00:00.000Z' }),
    ended({ agent: 'late', state: 'completed' }),
  ]);
  const agents = (since: string) => ledger.successes(since).map(({ agent }) => agent);
  expect(agents(NEVER)).toEqual(['early', 'late']);
  expect(agents('2026-11-19T10:00:00.000Z')).toEqual(['late']);
  ledger.create(Array.from({ length: 999 }, () => ended({ agent: 'many', state: 'completed' })));
  ledger.create([ended({ agent: 'live', state: 'running', ended_at: null })]);
  expect(ledger.successes(NEVER)).toEqual([
    { agent: 'late', task_type: null, completed: 1, failed: 0 },
    { agent: 'many', task_type: null, completed: 999, failed: 0 },
  ]);
});
