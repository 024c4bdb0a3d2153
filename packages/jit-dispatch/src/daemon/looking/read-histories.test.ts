import { expect, test } from 'vitest';
import type { Tracker, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import { trackerError } from '../../tracker/tracker-error.ts';
import { readHistories } from './read-histories.ts';

const issue = (id: string, attempt = 1) => ({ id, attempt }) as TrackerIssue;
const released = (failed: 'agent' | null) => ({
  type: 'claim_released',
  at: '2026-11-20T10:00:00.000Z',
  actor: 'a',
  attempt: 1,
  assignee: 'a',
  reason: null,
  failed,
  labels: null,
  metadata: null,
  deferred: null,
  text: null,
});
const trackerOf = (
  call: (calls: readonly TrackerCall[]) => Awaited<ReturnType<Tracker['call']>>,
): Tracker => ({ call: async (calls: readonly TrackerCall[]) => call(calls) }) as Tracker;

test('asks in one call, and only about issues that were claimed before', async () => {
  const asked: string[][] = [];
  const tracker = trackerOf((calls) => {
    asked.push(calls.map((call) => ('issue' in call ? call.issue : '')));
    return calls.map(() => ({ is: 'ok', issues: [], events: [released('agent')] }));
  });
  const histories = await readHistories(tracker, [issue('new', 0), issue('a'), issue('b')]);
  expect(asked).toEqual([['a', 'b']]);
  expect([...histories.keys()]).toEqual(['a', 'b']);
  expect(histories.get('a')?.failures).toMatchObject([{ agent: 'a', failed: 'agent' }]);
});

test('asks in parts where there are many', async () => {
  const sizes: number[] = [];
  const tracker = trackerOf((calls) => {
    sizes.push(calls.length);
    return calls.map(() => ({ is: 'ok', issues: [] }));
  });
  const many = Array.from({ length: 120 }, (_, at) => issue(`i${at}`));
  expect((await readHistories(tracker, many)).size).toBe(120);
  expect(sizes).toEqual([50, 50, 20]);
});

test('one log that is too long or can not be read says nothing about the others', async () => {
  const tracker = trackerOf((calls) => {
    const hasHuge = calls.some((call) => 'issue' in call && call.issue === 'huge');
    if (hasHuge) throw trackerError('TRACKER_GARBAGE', 'more than 16 MiB', { hint: '' });
    return calls.map((call) =>
      'issue' in call && call.issue === 'odd'
        ? { is: 'unknown', message: 'garbage' }
        : { is: 'ok', issues: [] },
    );
  });
  const histories = await readHistories(
    tracker,
    ['a', 'huge', 'odd'].map((id) => issue(id)),
  );
  expect([...histories].map(([id, history]) => [id, history === null])).toEqual([
    ['a', false],
    ['huge', true],
    ['odd', true],
  ]);
});

test('a tracker that is away is told as such', async () => {
  const tracker = trackerOf(() => {
    throw trackerError('TRACKER_TIMEOUT', 'too slow', { hint: '' });
  });
  await expect(readHistories(tracker, [issue('a')])).rejects.toThrow('too slow');
});
