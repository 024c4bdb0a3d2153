import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readyIssue as issue, someCandidate, someSnapshot } from '../../test/samples.ts';
import type { AgentHealth } from './breaker.ts';
import { type Decision, planCycle, type Snapshot } from './plan-cycle.ts';

const agent = (
  id: string,
  capacity = 1,
  tags: string[] = [],
  health: AgentHealth = { is: 'well' },
) => someCandidate({ id, capacity, tags, health });
const limits = { attemptsPerAgent: 3, gateFailuresPerAgent: 2, lifetime: 10, maxWaits: 20 };
const plan = (facts: Partial<Snapshot>): string[] =>
  planCycle(someSnapshot({ limits, ...facts })).map(outline);
const outline = (decision: Decision): string =>
  decision.action === 'start'
    ? `${decision.issue.id} → ${decision.agent}`
    : `${decision.issue.id} ${decision.action}s: ${decision.reason}`;

test('two agents with capacity 2 and five issues: two each, the lowest priority waits', () => {
  const priorities = ['low', 'high', 'normal', 'critical', 'high'] as const;
  const ready = priorities.map((priority, at) => issue(`i${at}`, { priority }));
  expect(plan({ ready, agents: [agent('a', 2), agent('b', 2)] })).toEqual([
    'i3 → a',
    'i1 → b',
    'i4 → a',
    'i2 → b',
    'i0 waits: agents_full',
  ]);
});

describe('the agent is the one', () => {
  test('whose tags the labels name, as a whole or by their value, in any case', () => {
    const agents = [agent('any', 9), agent('crab', 1, ['Rust']), agent('snake', 1, ['python'])];
    const ready = [issue('i1', { labels: ['lang:rust'] }), issue('i2', { labels: ['PYTHON'] })];
    expect(plan({ ready, agents })).toEqual(['i1 → crab', 'i2 → snake']);
  });
  test('with most room, then first in the configuration', () => {
    const agents = [agent('small', 1), agent('big', 3), agent('other', 3)];
    const ready = ['1', '2', '3'].map((id) => issue(id));
    expect(plan({ ready, agents })).toEqual(['1 → big', '2 → other', '3 → big']);
  });
  test('for whom the issue is reserved, and no other', () => {
    const reserved = issue('i1', { assignee: 'b' });
    expect(plan({ ready: [reserved], agents: [agent('a', 5), agent('b')] })).toEqual(['i1 → b']);
    const busy = { claims: new Map([['b', ['x']]]), agents: [agent('a', 5), agent('b')] };
    expect(plan({ ready: [reserved], ...busy })).toEqual(['i1 waits: agents_full']);
  });
});

describe('an issue waits', () => {
  const agents = [agent('a', 5)];
  test('when it is reserved for somebody else', () => {
    expect(plan({ ready: [issue('i', { assignee: 'ana' })], agents })).toEqual([
      'i waits: reserved',
    ]);
  });
  test('when a person has to look first', () => {
    const ready = [issue('i', { labels: ['dispatch:escalated'] })];
    expect(plan({ ready, agents })).toEqual(['i waits: escalated']);
  });
  test('while a run of it is not settled', () => {
    const runs = [{ issue: 'i', agent: 'a', repository: '' }];
    expect(plan({ ready: [issue('i')], agents, runs })).toEqual(['i waits: already_running']);
  });
  test('when the dispatcher has as many runs as it may have', () => {
    const ready = [issue('1'), issue('2')];
    const runs = [{ issue: 'x', agent: 'a', repository: '' }];
    expect(plan({ ready, agents, runs, maxConcurrent: 2 })).toEqual([
      '1 → a',
      '2 waits: max_concurrent',
    ]);
  });
  test('when this cycle may start no more', () => {
    expect(plan({ ready: [issue('1'), issue('2')], agents, maxStarts: 1 })).toEqual([
      '1 → a',
      '2 waits: max_issues',
    ]);
  });
  test('when claims of other dispatchers fill the agent', () => {
    const claims = new Map([['a', ['1', '2', '3', '4', '5']]]);
    expect(plan({ ready: [issue('i')], agents, claims })).toEqual(['i waits: agents_full']);
  });
});

test('a run and its own claim are one piece of work', () => {
  const facts = { agents: [agent('a', 2)], claims: new Map([['a', ['x']]]) };
  const runs = [{ issue: 'x', agent: 'a', repository: '' }];
  expect(plan({ ready: [issue('i')], runs, ...facts })).toEqual(['i → a']);
});

test('no plan exceeds a capacity, starts an issue twice or leaves room unused', () => {
  const shape = {
    capacities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    held: fc.integer({ min: 0, max: 3 }),
    count: fc.integer({ min: 0, max: 20 }),
    maxConcurrent: fc.integer({ min: 1, max: 10 }),
  };
  fc.assert(
    fc.property(fc.record(shape), ({ capacities, held, count, maxConcurrent }) => {
      const agents = capacities.map((capacity, at) => agent(`a${at}`, capacity));
      const claims = new Map([['a0', Array.from({ length: held }, (_, at) => `x${at}`)]]);
      const ready = Array.from({ length: count }, (_, at) => issue(`i${at}`));
      const decisions = planCycle(someSnapshot({ ready, agents, claims, maxConcurrent, limits }));
      expect(decisions).toHaveLength(count);
      const starts = decisions.filter((each) => each.action === 'start');
      const room = agents.map(({ id, capacity }) =>
        Math.max(0, capacity - (claims.get(id)?.length ?? 0)),
      );
      agents.forEach(({ id }, at) => {
        expect(starts.filter((each) => each.agent === id).length).toBeLessThanOrEqual(
          room[at] ?? 0,
        );
      });
      const free = room.reduce((sum, each) => sum + each, 0);
      expect(starts).toHaveLength(Math.min(count, maxConcurrent, free));
    }),
  );
});
