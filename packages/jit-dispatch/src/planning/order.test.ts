import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agedPriority, queueUp, type Sharing } from './order.ts';

type Level = 'critical' | 'high' | 'normal' | 'low';
const NOW = Date.parse('2026-11-10T10:00:00.000Z');
const issue = (id: string, priority: Level, day = 1, repository = '') => ({
  id,
  repository,
  priority,
  created_at: `2026-11-0${day}T10:00:00.000Z`,
});
const still: Sharing = {
  age: { stepHours: 0, maxSteps: 2 },
  now: NOW,
  repositories: [],
  runs: [],
};
const order = (issues: ReturnType<typeof issue>[], sharing: Partial<Sharing> = {}): string[] => {
  const queue = queueUp(issues, { ...still, ...sharing });
  const ids: string[] = [];
  for (let placed = queue.next(); placed !== undefined; placed = queue.next()) {
    ids.push(placed.issue.id);
    queue.started(placed.issue.repository);
  }
  return ids;
};

test('priority comes first, then age, then the id', () => {
  const issues = [
    issue('d', 'low'),
    issue('c', 'normal', 2),
    issue('b', 'normal', 1),
    issue('z', 'critical', 9),
    issue('a', 'normal', 2),
    issue('h', 'high', 9),
  ];
  expect(order(issues)).toEqual(['z', 'h', 'b', 'a', 'c', 'd']);
});

test('of numbers the lower one comes first', () => {
  const ids = ['1x', '10', '9', '100', '0a'];
  expect(order(ids.map((id) => issue(id, 'normal')))).toEqual(['9', '10', '100', '0a', '1x']);
});

describe('age', () => {
  const aged = (priority: Level, hours: number, age = { stepHours: 24, maxSteps: 2 }) =>
    agedPriority(
      { priority, created_at: new Date(NOW - hours * 3_600_000).toISOString() },
      { age, now: NOW },
    );
  test('raises an issue one step per day, two at most, and never above critical', () => {
    const days = [0, 23.9, 24, 47.9, 48, 1000];
    expect(days.map((hours) => aged('low', hours))).toEqual([
      'low',
      'low',
      'normal',
      'normal',
      'high',
      'high',
    ]);
    expect(days.map((hours) => aged('high', hours))).toEqual([
      ...['high', 'high'],
      ...Array.from({ length: 4 }, () => 'critical'),
    ]);
    expect(aged('critical', 1000)).toBe('critical');
  });
  test('raises nothing when it is off, when a clock is behind, and for a date nobody can read', () => {
    expect(aged('low', 1000, { stepHours: 0, maxSteps: 2 })).toBe('low');
    expect(aged('low', 1000, { stepHours: 1, maxSteps: 0 })).toBe('low');
    expect(aged('low', -1000)).toBe('low');
    expect(
      agedPriority({ priority: 'low', created_at: 'then' }, { age: still.age, now: NOW }),
    ).toBe('low');
  });
  test('puts an old issue before younger ones of its new priority', () => {
    const issues = [
      issue('young', 'high', 9),
      issue('old', 'normal', 1),
      issue('new', 'normal', 9),
    ];
    expect(order(issues, { age: { stepHours: 100, maxSteps: 1 } })).toEqual([
      'old',
      'young',
      'new',
    ]);
  });
});

describe('repositories', () => {
  const repositories = [
    { name: 'a', weight: 1, recent: 0 },
    { name: 'b', weight: 3, recent: 0 },
  ];
  const both = ['1', '2', '3', '4'].flatMap((id) => [
    issue(`a${id}`, 'normal', 1, 'a'),
    issue(`b${id}`, 'normal', 1, 'b'),
  ]);
  test('take turns by weight', () => {
    expect(order(both, { repositories }).slice(0, 4).sort()).toEqual(['a1', 'b1', 'b2', 'b3']);
  });
  test('count what already runs', () => {
    const runs = [{ repository: 'b' }, { repository: 'b' }, { repository: 'b' }];
    expect(order(both, { repositories, runs })[0]).toBe('a1');
  });
  test('never pass a more urgent issue', () => {
    const urgent = issue('a9', 'critical', 9, 'a');
    const runs = [1, 2, 3, 4].map(() => ({ repository: 'a' }));
    expect(order([...both, urgent], { repositories, runs })[0]).toBe('a9');
  });
  test('that nobody configured have the weight 1', () => {
    expect(order(both).slice(0, 2)).toEqual(['a1', 'b1']);
  });

  /** Slots that are filled again as soon as a run of a random length ends; every repository has work. */
  const simulate = (
    weights: readonly number[],
    slots: number,
    chances: readonly number[],
  ): number[] => {
    const live: number[] = [];
    const begun = weights.map(() => 0);
    for (const chance of chances) {
      const queue = queueUp(
        weights.map((_, at) => issue(`i${at}`, 'normal', 1, `${at}`)),
        {
          ...still,
          repositories: weights.map((weight, at) => ({
            name: `${at}`,
            weight,
            recent: begun[at] ?? 0,
          })),
          runs: live.map((at) => ({ repository: `${at}` })),
        },
      );
      const turn = Number(queue.next()?.issue.repository);
      live.push(turn);
      begun[turn] = (begun[turn] ?? 0) + 1;
      if (live.length >= slots) live.splice(Math.floor(chance * live.length), 1);
    }
    return begun;
  };

  test('get their shares in the long run, however few slots there are', () => {
    let checked = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (weights, slots, seed) => {
          const begun = simulate(weights, slots, chances(seed, STARTS));
          const sum = weights.reduce((all, weight) => all + weight, 0);
          weights.forEach((weight, at) => {
            expect(Math.abs((begun[at] ?? 0) / STARTS - weight / sum)).toBeLessThan(0.05);
          });
          checked += STARTS;
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    console.log(
      `${checked} simulated starts over 2-4 repositories: shares within 5 % of the weights`,
    );
  });
});

const STARTS = 1000;

/** Numbers in [0, 1) that look random and follow from the seed. */
function chances(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}
