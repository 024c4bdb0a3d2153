import { describe, expect, test } from 'vitest';
import { readyIssue as issue, someCandidate, someSnapshot } from '../../test/samples.ts';
import { planCycle, type Snapshot } from './plan-cycle.ts';

const agents = [someCandidate({ id: 'a', capacity: 9 })];
const label = (max: number) => [{ label: 'area:db', state: null, max }];
const state = (name: 'in_progress' | 'gated', max: number) => [{ label: null, state: name, max }];
const plan = (facts: Partial<Snapshot>): string[] =>
  planCycle(someSnapshot({ agents, ...facts })).map((each) =>
    each.action === 'start' ? 'start' : each.reason,
  );
const db = (id: string) => issue(id, { labels: ['area:db'] });
const held = (key: string, repository = '') => ({ key, repository, labels: ['area:db'] });

describe('a limit on a label', () => {
  test('counts what this plan starts, and leaves other issues alone', () => {
    const ready = [db('1'), db('2'), issue('3'), db('4')];
    expect(plan({ ready, workLimits: label(2) })).toEqual([
      'start',
      'start',
      'start',
      'label_limit',
    ]);
  });
  test('counts what our agents hold, and a run that is not claimed yet', () => {
    const runs = [{ issue: '9', agent: 'a', repository: '' }];
    const facts = { workLimits: label(2), work: [held('8')] };
    expect(plan({ ready: [db('1')], ...facts })).toEqual(['start']);
    expect(plan({ ready: [db('1'), db('9')], ...facts, runs })).toEqual([
      'label_limit',
      'already_running',
    ]);
  });
  test('counts one that is held and has a run once', () => {
    const runs = [{ issue: '8', agent: 'a', repository: '' }];
    const facts = { workLimits: label(2), work: [held('8')], runs };
    expect(plan({ ready: [db('1'), db('8')], ...facts })).toEqual(['start', 'already_running']);
  });
  test('counts each repository by itself', () => {
    const ready = [issue('1', { repository: 'x', labels: ['area:db'] })];
    const workLimits = label(1);
    expect(plan({ ready, workLimits, work: [held('y/8', 'y')] })).toEqual(['start']);
    expect(plan({ ready, workLimits, work: [held('x/8', 'x')] })).toEqual(['label_limit']);
  });
  test('of nought keeps them all', () => {
    expect(plan({ ready: [db('1'), issue('2')], workLimits: label(0) })).toEqual([
      'label_limit',
      'start',
    ]);
  });
});

describe('a limit on a state', () => {
  const ready = [issue('1'), issue('2')];
  const states = (in_progress: number, gated: number) => new Map([['', { in_progress, gated }]]);
  test('in_progress counts the work of everybody, and what this plan starts', () => {
    const workLimits = state('in_progress', 3);
    expect(plan({ ready, workLimits, states: states(2, 0) })).toEqual(['start', 'state_limit']);
  });
  test('gated counts what waits for its gates: nothing is begun while reviewers are behind', () => {
    const workLimits = state('gated', 3);
    expect(plan({ ready, workLimits, states: states(0, 2) })).toEqual(['start', 'start']);
    expect(plan({ ready, workLimits, states: states(0, 3) })).toEqual([
      'state_limit',
      'state_limit',
    ]);
  });
});
