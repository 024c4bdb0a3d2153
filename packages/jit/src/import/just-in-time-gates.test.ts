import { describe, expect, it } from 'vitest';
import { issueFile, issueOf, json, planFiles, repairedSubjects } from './plan-fixture.ts';

const GATES = json('gates.json', {
  gates: {
    plan: { key: 'plan', title: 'Plan', stage: 'precheck', mode: 'manual' },
    tests: {
      key: 'tests',
      title: 'Tests',
      stage: 'postcheck',
      mode: 'auto',
      checker: { type: 'exec', command: 'npm test', timeout_seconds: 60, env: { CI: '1' } },
      reserved: {},
      priority: 100,
    },
    seed: { key: 'seed', title: 'Seed', description: 'd', auto: true, example_integration: 'ci' },
  },
});

describe('gates', () => {
  it('maps definitions; a checker is data and an auto gate without one is manual', () => {
    const result = planFiles(GATES);
    expect(result.gates).toMatchObject([
      { key: 'plan', stage: 'ready', mode: 'manual', checker: null },
      {
        key: 'tests',
        stage: 'done',
        mode: 'auto',
        checker: { command: 'npm test', timeout_secs: 60, working_dir: null, env: { CI: '1' } },
        extra: {},
      },
      {
        key: 'seed',
        stage: 'ready',
        mode: 'manual',
        extra: { 'just-in-time.example_integration': 'ci' },
      },
    ]);
  });

  it('maps results, of which only a recorded pass is one', () => {
    const at = '2026-01-01T00:00:00.123456789+00:00';
    const result = planFiles(
      GATES,
      issueFile('a1', {
        gates_required: ['plan', 'tests', 'seed'],
        gates_status: {
          plan: { status: 'passed', updated_by: 'human:ana', updated_at: at },
          tests: { status: 'error', updated_by: null, updated_at: at },
          coverage: { status: 'passed', updated_by: null, updated_at: at },
        },
      }),
    );
    const issue = issueOf(result, 'a1');
    expect(issue.gates).toEqual({
      plan: { status: 'passed', by: 'human:ana', at: '2026-01-01T00:00:00.123Z' },
      tests: { status: 'pending', at: '2026-01-01T00:00:00.123Z' },
      seed: { status: 'pending' },
    });
    expect(issue.metadata['just-in-time.other_gates']).toHaveProperty('coverage');
  });

  it('defines unknown keys as manual, and refuses keys that no file can have', () => {
    const result = planFiles(issueFile('a1', { gates_required: ['review'] }));
    expect(result.gates).toMatchObject([{ key: 'review', mode: 'manual', stage: 'ready' }]);
    expect(repairedSubjects(result, 'gate')).toEqual(['review']);
    expect(() => planFiles(issueFile('a1', { gates_required: ['../x'] }))).toThrow(
      /a1\.json.*\.\.\/x/,
    );
  });

  it('takes an exit gate that was never passed off a done issue, and says so', () => {
    const result = planFiles(
      GATES,
      issueFile('a1', { state: 'done', gates_required: ['tests', 'plan'] }),
    );
    const issue = issueOf(result, 'a1');
    expect(issue.gates).toEqual({ plan: { status: 'pending' } });
    expect(issue.metadata['just-in-time.unpassed_gates']).toEqual({ tests: { status: 'pending' } });
    expect(repairedSubjects(result, 'exit gate that was not passed')).toEqual(['a1 tests']);
  });

  it('lets a gated issue go on whose exit gates are all passed', () => {
    const passed = { gates_required: ['tests'], gates_status: { tests: { status: 'passed' } } };
    const result = planFiles(
      GATES,
      issueFile('b1', { state: 'gated', ...passed, dependencies: ['b2'] }),
      issueFile('b2', { state: 'gated', ...passed }),
      issueFile('b3', { state: 'gated', ...passed, dependencies: ['b4'] }),
      issueFile('b4'),
      issueFile('b5', { state: 'gated', gates_required: ['tests'] }),
    );
    const states = Object.fromEntries(result.issues.map(({ id, state }) => [id, state]));
    expect(states).toEqual({ b1: 'done', b2: 'done', b3: 'open', b4: 'open', b5: 'gated' });
  });
});
