import { expect, test } from 'vitest';
import { endedRun } from '../../test/play-settle.ts';
import type { SettleAnswer } from './settle.ts';
import { nextTakenBackStep, takenBackEnding } from './settle-taken-back.ts';

const verdict = {
  is: 'taken_back',
  failed: null,
  reason: 'taken_back',
  detail: 'label off',
} as const;
const run = endedRun({ end: { code: 130 }, verdict });
const ending = {
  state: 'canceled',
  reason: 'taken_back',
  detail: 'label off',
  failed: null,
} as const;
const held = { to: 'hold', result: 'ok', message: '' } as const;
const shown = (state: string, isClaimed: boolean) =>
  ({ to: 'show', issue: { state, isClaimed, attempt: 2 } }) as unknown as SettleAnswer;

test('work that a person elsewhere took back is nobody’s failure: its issue is held, then goes back', () => {
  expect(takenBackEnding(run)).toEqual(ending);
  const next = (...answers: SettleAnswer[]) => nextTakenBackStep(run, ending, answers);
  expect(next()).toEqual({ do: 'hold' });
  expect(next(held)).toEqual({ do: 'show' });
  const release = { do: 'release', failed: null, deferSecs: null, ending };
  expect(next(held, shown('in_progress', true))).toEqual(release);
  expect(next(held, shown('ready', false))).toEqual({ do: 'end', ending });
  expect(next(held, shown('done', false))).toMatchObject({ ending: { state: 'completed' } });
});

test('a run that ended otherwise, or whose gates were run, is settled as every other one', () => {
  expect(takenBackEnding(endedRun({ end: { code: 1 } }))).toBeNull();
  const gated = endedRun({ end: { code: 130 }, verdict, gates: { end: run.end } });
  expect(takenBackEnding(gated)).toBeNull();
});
