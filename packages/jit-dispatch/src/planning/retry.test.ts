import { describe, expect, test } from 'vitest';
import {
  readyIssue as issue,
  someAssessment,
  someCandidate,
  someSnapshot,
} from '../../test/samples.ts';
import type { AgentHealth } from './breaker.ts';
import { type Failure, type IssueHistory, NO_HISTORY } from './history.ts';
import { planCycle, type Snapshot } from './plan-cycle.ts';

const limits = { attemptsPerAgent: 3, gateFailuresPerAgent: 2, lifetime: 10, maxWaits: 4 };
const WELL: AgentHealth = { is: 'well' };
const RESTING: AgentHealth = { is: 'resting', until: 60_000, why: '5 failures (agent)' };
const TRYING: AgentHealth = { is: 'trying', why: '5 failures (agent)' };
const agent = (id: string, health: AgentHealth = WELL, capacity = 2) =>
  someCandidate({ id, capacity, health });
const failures = (...words: string[]): Failure[] =>
  words.map((word) => {
    const [name = '', failed] = word.split(' ');
    const [at, attempt, reason] = ['2026-11-20T10:00:00.000Z', 1, 'exit code 1'];
    return { agent: name, failed: failed as Failure['failed'], attempt, at, reason };
  });
const tried = (...words: string[]): IssueHistory => ({
  failures: failures(...words),
  attempts: words.length,
  waitsInRow: 0,
  handOvers: 0,
});
const decide = (history: IssueHistory | null, facts: Partial<Snapshot> = {}) => {
  const [decision] = planCycle(
    someSnapshot({
      ready: [issue('i')],
      agents: [agent('a'), agent('b')],
      histories: new Map([['i', history]]),
      limits,
      ...facts,
    }),
  );
  if (decision === undefined) throw new Error('nothing was decided');
  const what = decision.action === 'start' ? decision.agent : decision.reason;
  return { ...decision, what: `${decision.action} ${what}` };
};
/** An issue that a person gave to an agent. */
const givenTo = (to: string): Partial<Snapshot> => {
  const assessment = someAssessment();
  const wishes = { ...assessment.wishes, to };
  return { ready: [issue('i', { assessment: { ...assessment, role: 'x', wishes } })] };
};
const full = (...ids: string[]): Partial<Snapshot> => ({
  claims: new Map(ids.map((id) => [id, ['x', 'y']])),
});

describe('an issue that failed goes', () => {
  test.each([
    ['to the one that suits it best, again', ['a agent'], {}, 'start a'],
    ['to another where that one has no room', ['a agent'], full('a'), 'start b'],
    ['back to whose work did not pass a gate', ['a gate'], {}, 'start a'],
    ['to another after the second such time', ['a gate', 'a gate'], {}, 'start b'],
    [
      'to who suits it best where the last failure is another one',
      ['b gate', 'b agent'],
      {},
      'start a',
    ],
    ['to no agent that failed too often', ['a agent', 'a agent', 'a no_progress'], {}, 'start b'],
    [
      'nowhere while the only one left is full',
      Array(3).fill('a agent'),
      full('b'),
      'wait agents_full',
    ],
    [
      'to whom it is reserved for',
      ['a agent'],
      { ready: [issue('i', { assignee: 'a' })] },
      'start a',
    ],
  ] as const)('%s', (_, words, facts, what) => {
    expect(decide(tried(...words), facts)).toMatchObject({ what });
  });
  test('with the number of failures that count', () => {
    expect(decide(tried('a agent', 'b gate'))).toMatchObject({ failures: 2 });
    expect(decide(NO_HISTORY)).toMatchObject({ failures: 0 });
  });
  test('nowhere while the tracker does not say what was tried', () => {
    expect(decide(null).what).toBe('wait history_unknown');
  });
});

describe('a person has to look', () => {
  const three = (name: string) => [1, 2, 3].map(() => `${name} agent`);
  test.each([
    [
      'when every agent failed too often',
      tried(...three('a'), ...three('b')),
      {},
      'agents_excluded',
    ],
    [
      'when the one it is reserved for did, and its attempts are used up',
      { ...tried(...three('a')), attempts: 10 },
      { ready: [issue('i', { assignee: 'a' })] },
      'lifetime_used_up',
    ],
    [
      'when its attempts are used up',
      { ...tried('a agent'), attempts: 10 },
      {},
      'lifetime_used_up',
    ],
    [
      'when it was handed over too often',
      { ...NO_HISTORY, handOvers: 10 },
      {},
      'hand_overs_used_up',
    ],
    ['when it waited too often', { ...NO_HISTORY, waitsInRow: 4 }, {}, 'waits_used_up'],
    [
      'also while nobody could start',
      tried(...three('a'), ...three('b')),
      { maxConcurrent: 0, maxStarts: 0 },
      'agents_excluded',
    ],
  ] as const)('%s', (_, history, facts, reason) => {
    expect(decide(history, facts).what).toBe(`escalate ${reason}`);
  });
  test('and is told the true number of attempts, and who failed how often and how', () => {
    const history = tried(...three('a'), 'b gate', 'b gate');
    expect(decide({ ...history, attempts: 7 }).detail).toBe(
      '7 attempts, no agent is left: a excluded: 3 times failed at it; b excluded: 2 times did not pass its gates (a: 3 × agent; b: 2 × gate; last: exit code 1)',
    );
  });
  test('but not once more while the label is on, nor while a run is not settled', () => {
    const history = tried(...three('a'), ...three('b'));
    const labels = ['dispatch:escalated'];
    expect(decide(history, { ready: [issue('i', { labels })] }).what).toBe('wait escalated');
    const runs = [{ issue: 'i', agent: 'a', repository: '' }];
    expect(decide(history, { runs }).what).toBe('wait already_running');
  });
  test('but not where somebody reserved it for the agent that failed: it may try once more', () => {
    const facts = { ready: [issue('i', { assignee: 'a' })] };
    expect(decide(tried('a agent', 'a agent', 'a agent'), facts).what).toBe('start a');
  });
  test('but not for agents of other dispatchers that failed', () => {
    expect(decide(tried(...three('x'), ...three('y'))).what).toBe('start a');
  });
});

describe('an agent that rests', () => {
  test('starts nothing, and the wait says of each agent why', () => {
    const agents = [agent('a', RESTING), agent('b'), agent('c')];
    const history = tried('c agent', 'c agent', 'c agent');
    expect(decide(history, { agents }).what).toBe('start b');
    const waits = decide(history, { agents, ...full('b') });
    expect(waits.what).toBe('wait agents_full');
    expect(waits.detail).toBe(
      'no agent can take it now: a rests until 1970-01-01T00:01:00.000Z: 5 failures (agent); b 2/2; c excluded: 3 times failed at it',
    );
    expect(decide(history, { agents: [agent('a', RESTING)] }).what).toBe('wait agents_resting');
  });
  test('is tried with one run only, also when others are ready', () => {
    const ready = [issue('1'), issue('2'), issue('3')];
    const plan = (runs: Snapshot['runs']) =>
      planCycle(someSnapshot({ ready, agents: [agent('a', TRYING, 9)], runs, limits })).map(
        (each) => (each.action === 'start' ? 'start' : each.reason),
      );
    expect(plan([])).toEqual(['start', 'agents_resting', 'agents_resting']);
    expect(plan([{ issue: 'x', agent: 'a', repository: '' }])).toEqual(
      Array(3).fill('agents_resting'),
    );
  });
  test('is not a reason to ask a person', () => {
    const history = tried('b agent', 'b agent', 'b agent');
    expect(decide(history, { agents: [agent('a', RESTING), agent('b')] }).what).toBe(
      'wait agents_resting',
    );
  });
});

describe('an issue that a person gave to an agent', () => {
  test('is tried again by it and nobody else, whatever else it asks for', () => {
    expect(decide(tried('b agent'), givenTo('b')).what).toBe('start b');
    expect(decide(tried('b agent'), givenTo('B')).what).toBe('start b');
    expect(decide(tried('b agent'), { ...givenTo('b'), ...full('b') }).what).toBe(
      'wait agents_full',
    );
  });
  test('goes to people when it has failed so often that it is excluded', () => {
    const { what } = decide(tried('b agent', 'b agent', 'b agent'), givenTo('b'));
    expect(what).toBe('escalate agents_excluded');
  });
  test('is left to the dispatcher that has it', () => {
    expect(decide(null, givenTo('other')).what).toBe('wait reserved');
  });
  test('goes to whom it is assigned to now, which is a newer word', () => {
    const [given] = givenTo('b').ready ?? [];
    if (given === undefined) throw new Error('no issue');
    const ready = [{ ...given, assignee: 'a' }];
    expect(decide(tried('b agent'), { ready }).what).toBe('start a');
  });
});
