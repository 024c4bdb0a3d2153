import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

const priorities = ['critical', 'high', 'normal', 'low'];

test.each<[string, readonly string[], string | undefined]>([
  ['hihg', priorities, 'high'],
  ['HIGH', priorities, 'high'],
  ['crit', priorities, 'critical'],
  ['urgent', priorities, undefined],
  ['x', ['y', 'z'], undefined],
  ['', priorities, undefined],
  ['high', [], undefined],
  ['--titel', ['--title', '--tag'], '--title'],
])('for %s of %j the nearest is %s', async (typed, candidates, nearest) => {
  expect(await suggest(typed, candidates)).toBe(nearest);
});
