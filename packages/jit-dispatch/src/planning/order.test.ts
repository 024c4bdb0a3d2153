import { expect, test } from 'vitest';
import { byUrgency } from './order.ts';

const issue = (id: string, priority: 'critical' | 'high' | 'normal' | 'low', day = 1) => ({
  id,
  priority,
  created_at: `2026-11-0${day}T10:00:00.000Z`,
});

test('priority comes first, then age, then the id', () => {
  const issues = [
    issue('d', 'low'),
    issue('c', 'normal', 2),
    issue('b', 'normal', 1),
    issue('z', 'critical', 9),
    issue('a', 'normal', 2),
    issue('h', 'high', 9),
  ];
  expect(issues.sort(byUrgency).map(({ id }) => id)).toEqual(['z', 'h', 'b', 'a', 'c', 'd']);
});
