import { describe, expect, test } from 'vitest';
import { readyIssue as issue, someCandidate, someSnapshot } from '../../../test/samples.ts';
import type { AgentHealth } from '../breaker.ts';
import { NO_HISTORY } from '../history.ts';
import { planCycle, type Snapshot } from '../plan-cycle.ts';

const agent = (id: string, health: AgentHealth = { is: 'well' }, capacity = 1) =>
  someCandidate({ id, capacity, health });
const RESTING: AgentHealth = { is: 'resting', until: 60_000, why: 'limit' };
const ILL: AgentHealth = { is: 'unhealthy', why: 'exit code 1' };
const PAUSED: AgentHealth = { is: 'paused', why: 'by ana' };
const NOW = Date.parse('2026-11-20T11:00:00.000Z');
const plan = (facts: Partial<Snapshot>) =>
  planCycle(someSnapshot({ ready: [issue('i')], now: NOW, ...facts })).map((each) =>
    each.action === 'start'
      ? `start ${each.agent}${each.stolenFrom === null ? '' : ` from ${each.stolenFrom}`}`
      : `${each.action} ${each.reason}`,
  );
const full = { claims: new Map([['a', ['x']]]) };

describe('where no agent can take it, the reason is what changes first', () => {
  test.each([
    ['a run ends', [agent('a'), agent('b', RESTING)], full, 'wait agents_full'],
    ['a rest ends', [agent('a', ILL), agent('b', RESTING)], {}, 'wait agents_resting'],
    ['a check succeeds', [agent('a', PAUSED), agent('b', ILL)], {}, 'wait agents_unhealthy'],
    ['a person says so', [agent('a', PAUSED)], {}, 'wait agents_paused'],
  ])('%s', (_, agents, facts, decided) => {
    expect(plan({ agents, ...facts })).toEqual([decided]);
  });
  test('and none of that asks a person to look at the issue', () => {
    const failed = ['agent', 'agent', 'agent'] as const;
    const failures = failed.map((each) => ({
      agent: 'a',
      failed: each,
      attempt: 1,
      at: '2026-11-20T10:00:00.000Z',
      reason: null,
    }));
    const histories = new Map([['i', { ...NO_HISTORY, failures, attempts: 3 }]]);
    for (const health of [RESTING, ILL, PAUSED])
      expect(plan({ agents: [agent('a'), agent('b', health)], histories })[0]).toMatch(/^wait/);
    expect(plan({ agents: [agent('a', PAUSED)], histories })).toEqual(['escalate agents_excluded']);
  });
});

describe('a reserved issue whose agent has no room', () => {
  const ready = [issue('i', { assignee: 'a' })];
  const since = (secs: number) => new Map([['i', new Date(NOW - secs * 1000).toISOString()]]);
  const both = { ready, agents: [agent('a'), agent('b')], ...full };
  test.each([
    ['waits where it never goes to another', { stealAfterSecs: 0, waitingForAgents: since(9e6) }],
    ['waits until it waited long enough', { stealAfterSecs: 60, waitingForAgents: since(59) }],
    ['waits where nobody noted since when', { stealAfterSecs: 60 }],
    [
      'waits while nobody else has room either',
      { stealAfterSecs: 60, waitingForAgents: since(60), agents: [agent('a'), agent('b', ILL)] },
    ],
  ])('%s', (_, facts) => {
    expect(plan({ ...both, ...facts })).toEqual(['wait agents_full']);
  });
  test('goes to one that has room after that, whatever its own agent waits for', () => {
    const facts = { stealAfterSecs: 60, waitingForAgents: since(60) };
    expect(plan({ ...both, ...facts })).toEqual(['start b from a']);
    for (const health of [RESTING, ILL, PAUSED]) {
      const agents = [agent('a', health), agent('b')];
      expect(plan({ ready, agents, ...facts })).toEqual(['start b from a']);
    }
  });
  test('is not taken by the only one that is asked', () => {
    const facts = { stealAfterSecs: 60, waitingForAgents: since(600) };
    const rules = { ...someSnapshot().rules, strategy: { name: 'only', agent: 'b' } as const };
    expect(plan({ ...both, rules, ...facts })).toEqual(['wait no_suitable_agent']);
  });
  test('where only one is asked for once, that it failed is no reason to ask a person', () => {
    const at = '2026-11-20T10:00:00.000Z';
    const failure = { agent: 'a', failed: 'agent', attempt: 1, at, reason: null } as const;
    const failures = [failure, failure, failure];
    const histories = new Map([['i', { ...NO_HISTORY, failures, attempts: 3 }]]);
    const only = { ...someSnapshot().rules, strategy: { name: 'only', agent: 'a' } as const };
    const facts = { agents: [agent('a'), agent('b')], histories };
    expect(plan({ ...facts, rules: { ...only, isForOnce: true } })).toEqual([
      'wait no_suitable_agent',
    ]);
    expect(plan({ ...facts, rules: only })).toEqual(['escalate agents_excluded']);
  });
  test('stays with its own agent as soon as that has room', () => {
    const facts = { stealAfterSecs: 60, waitingForAgents: since(600) };
    expect(plan({ ...both, claims: new Map(), ...facts })).toEqual(['start a']);
  });
});
