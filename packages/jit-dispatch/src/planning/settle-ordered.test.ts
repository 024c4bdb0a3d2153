import { expect, test } from 'vitest';
import type { Ending, RunEnd, SettleAnswer } from './settle.ts';
import { isEndedByOrder, nextOrderedStep } from './settle-ordered.ts';

const ending: Ending = { state: 'canceled', reason: 'canceled', detail: 'by ana', failed: null };
const shown = (state: string, isClaimed: boolean, attempt = 2) =>
  ({ to: 'show', issue: { state, isClaimed, attempt } }) as unknown as SettleAnswer;
const next = (...answers: SettleAnswer[]) => nextOrderedStep({ attempt: 2 }, ending, answers);

test('the issue goes back without a failure and without a rest, and only then is the run over', () => {
  expect(next()).toEqual({ do: 'show' });
  expect(next(shown('in_progress', true))).toEqual({
    do: 'release',
    failed: null,
    deferSecs: null,
    ending,
  });
  const released = { to: 'release', ending } as unknown as SettleAnswer;
  expect(next(shown('in_progress', true), released)).toEqual({ do: 'end', ending });
});

test.each([
  ['ready', false, 2, 'canceled', 'canceled'],
  ['gated', false, 2, 'canceled', 'canceled'],
  ['done', false, 2, 'completed', 'issue_done'],
  ['rejected', false, 2, 'completed', 'issue_rejected'],
  ['archived', false, 2, 'completed', 'issue_archived'],
  ['in_progress', true, 3, 'lost', 'taken_over'],
  ['done', false, 3, 'lost', 'taken_over'],
] as const)('%s, claimed: %s, attempt %s: %s, %s', (state, isClaimed, attempt, ended, reason) => {
  expect(next(shown(state, isClaimed, attempt))).toMatchObject({
    do: 'end',
    ending: { state: ended, reason, failed: null },
  });
});

test('an issue that is gone or cannot be read makes the run lost, which is nobody’s failure', () => {
  const gone = { to: 'show', issue: null } as unknown as SettleAnswer;
  expect(next(gone)).toMatchObject({
    ending: { state: 'lost', reason: 'issue_missing', failed: null },
  });
  const code = 'INVALID';
  const unreadable = {
    to: 'show',
    issue: 'unreadable',
    code,
    message: 'torn',
  } as unknown as SettleAnswer;
  expect(next(unreadable)).toMatchObject({ ending: { state: 'lost', reason: code, failed: null } });
});

test('what a stop brings about is the order’s; what an agent did before is its own', () => {
  const by = (reason: string, gates: string | null = null) =>
    isEndedByOrder({
      end: { reason } as RunEnd,
      gates: { end: gates === null ? null : ({ reason: gates } as RunEnd) },
    } as unknown as Parameters<typeof isEndedByOrder>[0]);
  for (const reason of ['canceled', 'keeper_died', 'keeper_failed', 'never_started'])
    expect(by(reason), reason).toBe(true);
  for (const reason of ['exited', 'timed_out', 'stalled']) expect(by(reason), reason).toBe(false);
  // The agent had ended well, and the order met its gates.
  expect(by('exited', 'canceled')).toBe(true);
  expect(by('canceled', 'exited')).toBe(false);
});
