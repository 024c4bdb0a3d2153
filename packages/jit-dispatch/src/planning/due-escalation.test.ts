import { expect, test } from 'vitest';
import { dueEscalation } from './due-escalation.ts';

const rules = { repeatSecs: 100, repeats: 2 };
const iso = (secs: number): string => new Date(secs * 1000).toISOString();

test.each([
  ['that the tracker may not have', { escalated_at: null, told: 0, told_at: null }, 'resume'],
  ['that was not told', { escalated_at: iso(0), told: 0, told_at: null }, 'tell'],
  ['whose telling was cut short', { escalated_at: iso(0), told: 2, told_at: null }, 'tell'],
  ['that was told just now', { escalated_at: iso(0), told: 1, told_at: iso(901) }, 'wait'],
  ['that was told long ago', { escalated_at: iso(0), told: 1, told_at: iso(900) }, 'remind'],
  ['that was repeated once', { escalated_at: iso(0), told: 2, told_at: iso(900) }, 'remind'],
  ['that was repeated often enough', { escalated_at: iso(0), told: 3, told_at: iso(1) }, 'wait'],
  [
    'told by a clock that was put back',
    { escalated_at: iso(0), told: 1, told_at: iso(2000) },
    'wait',
  ],
] as const)('an escalation %s', (_, told, what) => {
  expect(dueEscalation(told, rules, 1_000_000)).toBe(what);
});
