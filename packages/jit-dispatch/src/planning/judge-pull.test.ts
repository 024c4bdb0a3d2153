import { expect, test } from 'vitest';
import { afterFailure, choosePull, type FoundPull, MOST_TRIES } from './judge-pull.ts';

const pull = (facts: Partial<FoundPull>): FoundPull => ({
  number: 1,
  state: 'open',
  head_commit: 'c1',
  updated_at: '2026-11-20T10:00:00Z',
  url: 'https://forge/1',
  ...facts,
});
const ASKED = { commit: 'c1', since: '2026-11-20T10:00:00.700Z' };

test('an open pull request of the branch is taken, whatever stands at its head', () => {
  const open = pull({ number: 4, head_commit: 'other', updated_at: '2020-01-01T00:00:00Z' });
  const merged = pull({ number: 5, state: 'merged' });
  expect(choosePull([merged, open], ASKED)).toEqual({ is: 'there', pull: open });
});

test('one that is over counts only with this commit, and after the run began', () => {
  const merged = pull({ state: 'merged' });
  expect(choosePull([merged], ASKED)).toEqual({ is: 'there', pull: merged });
  expect(choosePull([{ ...merged, head_commit: 'old' }], ASKED)).toEqual({ is: 'none' });
  const before = { ...merged, updated_at: '2026-11-20T09:59:59Z' };
  expect(choosePull([before], ASKED)).toEqual({ is: 'none' });
  const closed = pull({ number: 2, state: 'closed' });
  expect(choosePull([closed], ASKED)).toEqual({ is: 'closed', pull: closed });
  expect(choosePull([closed, merged], ASKED)).toEqual({ is: 'there', pull: merged });
  expect(choosePull([], ASKED)).toEqual({ is: 'none' });
});

const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const failure = { message: 'no', isFinal: false, retryAt: null };

test('pauses grow to an hour, and end', () => {
  const pauses: number[] = [];
  let tries = 0;
  for (;;) {
    const next = afterFailure(failure, tries, { now: NOW, random: 0 });
    tries = next.tries;
    if (next.do === 'give_up') break;
    pauses.push((next.until.getTime() - NOW) / 1000);
  }
  expect(tries).toBe(MOST_TRIES);
  expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
});

test('a final failure is given up at once; patience that is asked for costs no try', () => {
  const at = { now: NOW, random: 0 };
  expect(afterFailure({ ...failure, isFinal: true }, 0, at)).toEqual({ do: 'give_up', tries: 1 });
  const retryAt = '2026-11-20T11:00:00.000Z';
  const last = MOST_TRIES - 1;
  expect(afterFailure({ ...failure, retryAt }, last, at)).toEqual({
    do: 'wait',
    tries: last,
    until: new Date(retryAt),
  });
  // Also where its clock is behind.
  expect(afterFailure({ ...failure, retryAt: '2026-11-20T09:00:00.000Z' }, 0, at)).toMatchObject({
    do: 'wait',
    until: new Date(NOW + 10_000),
  });
});
