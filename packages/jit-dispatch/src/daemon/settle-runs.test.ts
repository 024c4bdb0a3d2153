import { expect, test } from 'vitest';
import { someRun } from '../../test/samples.ts';
import type { TrackerAnswer } from '../tracker/tracker.ts';
import type { Dispatcher } from './dispatcher.ts';
import { settleRuns } from './settle-runs.ts';

const run = someRun({ state: 'running', attempt: 1, pid: 7 });
const end = { reason: 'exited', message: '', code: 0, signal: null } as const;

/** A dispatcher whose tracker gives these answers, and what it logs. */
function withAnswers(...answers: TrackerAnswer[]) {
  const logged: string[] = [];
  const dispatcher = {
    config: { agents: [], retry: { firstSecs: 10, maxSecs: 300 }, qa: { gates: true } },
    tracker: { call: async () => [answers.shift()] },
    ledger: { record: () => {} },
    host: { look: () => ({ exit: null }) },
    log: ({ event, message }: { event: string; message: string }) =>
      logged.push(`${event}: ${message}`),
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    random: () => 0.5,
    uptimeMs: () => 0,
    step: () => {},
  } as unknown as Dispatcher;
  const settle = () => settleRuns(dispatcher, [{ run, end }], () => true);
  return { logged, settle };
}

const refused = (
  exit: number,
  code: string,
  { retryable = false, message = 'words' } = {},
): TrackerAnswer => ({ is: 'refused', exit, code, message, retryable });

test('an issue that cannot be read ends its run as lost instead of blocking its slot', async () => {
  const { settle } = withAnswers(refused(4, 'BAD_FILE'));
  expect(await settle()).toMatchObject([
    { run: { state: 'lost', reason: 'BAD_FILE', detail: 'words' } },
  ]);
});

test('only an issue that is gone counts as missing', async () => {
  for (const code of ['NOT_FOUND', 'DELETED'])
    expect(await withAnswers(refused(3, code)).settle()).toMatchObject([
      { run: { reason: 'issue_missing' } },
    ]);
});

test('that a run is postponed is said once, and again in other words', async () => {
  const busy = refused(75, 'LOCK_TIMEOUT', { retryable: true });
  const others = refused(75, 'LOCK_TIMEOUT', { retryable: true, message: 'others' });
  const { settle, logged } = withAnswers(busy, busy, others);
  for (let cycle = 0; cycle < 3; cycle += 1) expect(await settle()).toEqual([]);
  expect(logged).toEqual([
    'postponed: not settled yet: words',
    'postponed: not settled yet: others',
  ]);
});
