import { expect, test } from 'vitest';
import { isTakenBack } from './is-taken-back.ts';

test.each([
  ['done in our attempt', { state: 'done', attempt: 1, lastClaimReason: null }, false],
  ['gated in our attempt', { state: 'gated', attempt: 1, lastClaimReason: null }, false],
  [
    'in progress under a later attempt',
    { state: 'in_progress', attempt: 2, lastClaimReason: null },
    true,
  ],
  ['done in a later attempt', { state: 'done', attempt: 2, lastClaimReason: null }, true],
  ['rejected by a person', { state: 'rejected', attempt: 1, lastClaimReason: null }, true],
  [
    'released by a person',
    { state: 'ready', attempt: 1, lastClaimReason: 'released: taken back' },
    true,
  ],
  [
    'without a claim because the lease ended',
    { state: 'ready', attempt: 1, lastClaimReason: 'expired' },
    false,
  ],
] as const)('an issue %s', (_, issue, taken) => {
  expect(isTakenBack(issue, 1)).toBe(taken);
});

test('a gated issue was taken from its checkers when somebody released it, not when its lease ended', () => {
  const taken = (lastClaimReason: string | null) =>
    isTakenBack({ state: 'gated', attempt: 1, lastClaimReason }, 1, true);
  expect([taken('released: mine'), taken('expired'), taken(null)]).toEqual([true, false, false]);
});
