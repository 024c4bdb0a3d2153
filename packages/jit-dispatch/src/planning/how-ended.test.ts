import { expect, test } from 'vitest';
import { howEnded } from './how-ended.ts';

const ESCALATED = 'dispatch:escalated';
const HELD = 'dispatch:held';

test.each([
  ['done', [], 'done'],
  ['rejected', [ESCALATED], 'rejected'],
  ['archived', [], 'archived'],
  ['ready', ['bug', ESCALATED], 'escalated'],
  ['gated', [ESCALATED], 'escalated'],
  ['open', [HELD], 'held'],
  ['in_progress', [HELD], null],
  ['gated', [], null],
  ['ready', ['bug'], null],
])('%s with %j: %s', (state, labels, end) => {
  expect(howEnded({ state, labels })).toBe(end);
});
