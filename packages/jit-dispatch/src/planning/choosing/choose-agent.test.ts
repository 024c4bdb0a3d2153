import type { StrategyName } from '@jit/contract/vocabulary';
import { describe, expect, test } from 'vitest';
import { readyIssue, someAssessment, someCandidate, someSnapshot } from '../../../test/samples.ts';
import type { Assessment } from '../assessing/assess.ts';
import { planCycle, type Snapshot } from '../plan-cycle.ts';
import type { Candidate } from './candidate.ts';

const plan = (
  assessment: Partial<Assessment>,
  agents: Snapshot['agents'],
  facts: { rules?: Partial<Snapshot['rules']>; issue?: object } = {},
) => {
  const issue = readyIssue('i', { assessment: someAssessment(assessment), ...facts.issue });
  const rules = { ...someSnapshot().rules, ...facts.rules };
  const [decision] = planCycle(someSnapshot({ ready: [issue], agents, rules }));
  if (decision === undefined) throw new Error('nothing was decided');
  return decision.action === 'start' ? decision.agent : `${decision.action} ${decision.reason}`;
};
const a = someCandidate({ id: 'a', capacity: 5 });
const b = someCandidate({ id: 'b' });
const wishes = (facts: Partial<Assessment['wishes']>) => ({
  wishes: { ...someAssessment().wishes, ...facts },
});
const high = {
  risk: { score: 9, threshold: 7, isHigh: true, by: 'keyword', detail: '"auth" 9' },
} as const;

describe('the best match', () => {
  test('is best at this kind of work, more than one that names no strengths', () => {
    const taskType = { name: 'research', by: 'keyword', detail: '' } as const;
    const best = someCandidate({ id: 'best', strengths: ['research'] });
    const other = someCandidate({ id: 'other', capacity: 9, strengths: ['planning'] });
    expect(plan({ taskType }, [other, a, best])).toBe('best');
    expect(plan({ taskType }, [other, a])).toBe('a');
    expect(plan({ taskType }, [a, someCandidate({ id: 'tagged', tags: ['Research'] })])).toBe(
      'tagged',
    );
  });
  test('is exactly who it is for, before one who may do it, too', () => {
    const classification = {
      class: 'ai',
      confidence: 1,
      by: 'label',
      detail: '',
      isUnsure: false,
    } as const;
    const hybrid = someCandidate({ id: 'hybrid', capacity: 9, class: 'hybrid' });
    expect(plan({ classed: { is: 'classed', classification } }, [hybrid, b])).toBe('b');
    expect(plan({ classed: { is: 'classed', classification } }, [hybrid])).toBe('hybrid');
  });
  test('succeeded at this kind of work, where affinity counts', () => {
    const tracks = (completed: number, failed: number) =>
      new Map([['routine_coding', { completed, failed }]]);
    const good = someCandidate({ id: 'good', tracks: tracks(5, 0) });
    const bad = someCandidate({ id: 'bad', capacity: 9, tracks: tracks(0, 5) });
    const match = { ...someSnapshot().rules.match, affinity: 1 };
    expect(plan({}, [bad, good], { rules: { match } })).toBe('good');
    expect(plan({}, [bad, good])).toBe('bad');
  });
});

describe('a wish', () => {
  test('for an agent comes before every match; for one that is none, it changes nothing', () => {
    expect(plan(wishes({ prefer: 'b' }), [a, b])).toBe('b');
    expect(plan(wishes({ prefer: 'ghost' }), [a, b])).toBe('a');
    expect(plan(wishes({ prefer: 'B' }), [a, b])).toBe('b');
    expect(plan(wishes({ exclude: ['A'] }), [a, b])).toBe('b');
  });
  test('for an agent that is not suitable changes nothing', () => {
    expect(
      plan({ ...wishes({ prefer: 'b' }), role: 'x' }, [someCandidate({ id: 'a', role: 'x' }), b]),
    ).toBe('a');
  });
  test('for an agent that is full goes to another one', () => {
    const full = someCandidate({ id: 'b', capacity: 0 });
    expect(plan(wishes({ prefer: 'b' }), [a, full])).toBe('a');
  });
  test('that excludes all agents leaves none that is suitable', () => {
    expect(plan(wishes({ exclude: ['a', 'b'] }), [a, b])).toBe('wait no_suitable_agent');
  });
  test('to try it so often only asks a person after that', () => {
    const history = { failures: [], attempts: 2, waitsInRow: 0, handOvers: 0 };
    const issue = readyIssue('i', { assessment: someAssessment(wishes({ maxAttempts: 2 })) });
    const [decision] = planCycle(
      someSnapshot({ ready: [issue], agents: [a], histories: new Map([['i', history]]) }),
    );
    expect(decision).toMatchObject({ action: 'escalate', reason: 'lifetime_used_up' });
  });
});

describe('where no agent is suitable', () => {
  test('it waits, or people are asked, as it is configured', () => {
    expect(plan({ role: 'reviewer' }, [a])).toBe('wait no_suitable_agent');
    const rules = { escalatesUnsuitable: true };
    expect(plan({ role: 'reviewer' }, [a], { rules })).toBe('escalate no_suitable_agent');
  });
  test('and its risk is high, people are asked; an agent that may have it gets it', () => {
    expect(plan(high, [a])).toBe('escalate high_risk');
    const bold = someCandidate({ id: 'bold', mayTakeHighRisk: true });
    expect(plan(high, [a, bold])).toBe('bold');
    expect(plan({ ...high, role: 'x' }, [a, bold])).toBe('escalate high_risk');
  });
  test('a person who reserves it for one has the last word', () => {
    expect(plan({ ...high, role: 'x', needs: ['y'] }, [a], { issue: { assignee: 'a' } })).toBe('a');
  });
  test('agents that fit and are full are waited for', () => {
    const full = someCandidate({ id: 'full', role: 'x', capacity: 0 });
    expect(plan({ role: 'x' }, [a, full])).toBe('wait agents_full');
  });
  test('only: asks nobody else, not even for what is reserved', () => {
    const rules = { strategy: { name: 'only', agent: 'b' } as const };
    expect(plan({}, [a, b], { rules })).toBe('b');
    expect(plan({}, [a, b], { rules, issue: { assignee: 'a' } })).toBe('wait no_suitable_agent');
  });
});

test('whom one cycle leaves out is no reason to ask people, but whom the configuration leaves out is', () => {
  const other = someCandidate({ id: 'other', role: 'tester' });
  const strategy = { name: 'only', agent: 'a' } as const;
  const rules = { strategy, escalatesUnsuitable: true };
  const ask = { ...wishes({}), role: 'tester' };
  expect(plan(ask, [a, other], { rules: { ...rules, isForOnce: true } })).toBe(
    'wait no_suitable_agent',
  );
  expect(plan(ask, [a, other], { rules })).toBe('escalate no_suitable_agent');
});

describe('why an agent was chosen says what the strategy did', () => {
  const ready = readyIssue('i', { labels: ['rust'] });
  const detailOf = (name: StrategyName, agents: readonly Candidate[]): string => {
    const strategy = { name, agent: name === 'only' ? 'c' : null };
    const rules = { ...someSnapshot().rules, strategy };
    const [decision] = planCycle(someSnapshot({ ready: [ready], agents, rules }));
    return decision?.detail ?? '';
  };
  const c = someCandidate({ id: 'c', tags: ['rust'] });
  const d = someCandidate({ id: 'd', tags: ['rust'] });

  test.each([
    ['best-match', 'matches rust'],
    ['round-robin', 'its last claim is longest ago'],
    ['random', 'by lot'],
    ['least-loaded', 'most free'],
    ['only', 'only it is asked'],
  ] as const)('%s: %s', (name, words) => {
    expect(detailOf(name, [c, d])).toBe(`${words}; 1 of 1 in use with it`);
  });
  test.each(['round-robin', 'random', 'least-loaded'] as const)('%s of one agent', (name) => {
    expect(detailOf(name, [c])).toBe('nobody else can take it now; 1 of 1 in use with it');
  });
  test('whom a wish prefers is not chosen by lot', () => {
    const assessment = someAssessment(wishes({ prefer: 'd' }));
    const rules = { ...someSnapshot().rules, strategy: { name: 'random', agent: null } as const };
    const asked = [readyIssue('i', { assessment })];
    const [decision] = planCycle(someSnapshot({ ready: asked, agents: [c, d], rules }));
    expect(decision?.detail).toBe('preferred by a wish; 1 of 1 in use with it');
  });
});
