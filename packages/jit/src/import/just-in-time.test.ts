import { describe, expect, it } from 'vitest';
import type { Issue } from '../domain/issue.ts';
import { planJustInTimeImport } from './just-in-time.ts';
import type { ImportPlan, SourceFile } from './source.ts';

const NOW = '2026-11-20T10:00:00.000Z';

function issueFile(id: string, more: Record<string, unknown> = {}): SourceFile {
  const text = JSON.stringify({
    id,
    title: `Issue ${id}`,
    description: '',
    state: 'backlog',
    priority: 'normal',
    assignee: null,
    dependencies: [],
    gates_required: [],
    gates_status: {},
    context: {},
    ...more,
  });
  return { path: `issues/${id}.json`, text };
}

function json(path: string, value: unknown): SourceFile {
  return { path, text: JSON.stringify(value) };
}

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

function plan(...files: SourceFile[]): ImportPlan {
  return planJustInTimeImport(files, { now: NOW });
}

function issueOf(result: ImportPlan, id: string): Issue {
  const found = result.issues.find((issue) => issue.id === id);
  if (found === undefined) throw new Error(`no ${id} in the plan`);
  return found;
}

const skippedSubjects = (result: ImportPlan, what: string) =>
  result.report.skipped.filter((part) => part.what === what).flatMap((part) => part.subjects);
const repairedSubjects = (result: ImportPlan, what: string) =>
  result.report.repaired.filter((part) => part.what === what).flatMap((part) => part.subjects);

it.each([
  ['open', 'open'],
  ['backlog', 'open'],
  ['ready', 'open'],
  ['in_progress', 'in_progress'],
  ['done', 'done'],
  ['rejected', 'rejected'],
  ['archived', 'archived'],
  ['frozen', 'open'],
])('maps the state %s', (given, state) => {
  expect(issueOf(plan(issueFile('a1', { state: given })), 'a1')).toMatchObject({
    state,
    claim: null,
  });
});

describe('gates', () => {
  it('maps definitions; a checker is data and an auto gate without one is manual', () => {
    const result = plan(GATES);
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
    const result = plan(
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
    const result = plan(issueFile('a1', { gates_required: ['review'] }));
    expect(result.gates).toMatchObject([{ key: 'review', mode: 'manual', stage: 'ready' }]);
    expect(repairedSubjects(result, 'gate')).toEqual(['review']);
    expect(() => plan(issueFile('a1', { gates_required: ['../x'] }))).toThrow(/a1\.json.*\.\.\/x/);
  });

  it('takes an exit gate that was never passed off a done issue, and says so', () => {
    const result = plan(
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
    const result = plan(
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

describe('fields', () => {
  it('keeps context, documents, format and unknown keys', () => {
    const rich = { path: 'docs/a.md', commit: null, label: 'Plan', doc_type: 'design' };
    const plain = { path: 'docs/b.md', commit: null };
    const issue = issueOf(
      plan(
        issueFile('a1', {
          context: { why: 'x' },
          documents: [rich, plain],
          content_format: 'markdown',
          homegrown: [1],
          labels: ['type:task', 'epic:a'],
          assignee: 'agent:claude',
        }),
      ),
      'a1',
    );
    expect(issue.documents).toEqual(['docs/a.md', 'docs/b.md']);
    expect(issue.labels).toEqual(['epic:a', 'type:task']);
    expect(issue.assignee).toBe('agent:claude');
    expect(issue.metadata).toEqual({
      'just-in-time.state': 'backlog',
      'just-in-time.documents': [rich],
      'just-in-time.context': { why: 'x' },
      'just-in-time.content_format': 'markdown',
      'just-in-time.homegrown': [1],
    });
  });

  it('takes missing times from the events, in whatever order they stand', () => {
    const event = (timestamp: string) =>
      JSON.stringify({ type: 'issue_updated', issue_id: 'a1', timestamp });
    const text = [
      event('2026-02-01T00:00:00.5Z'),
      event('2026-01-01T00:00:00+00:00'),
      '{"type":"gate_passed","issue_id":"gone","timestamp":"2026-01-01T00:00:00Z"}',
      '{"type":"document_archived","timestamp":"2026-01-01T00:00:00Z"}',
      '{"torn',
    ].join('\n');
    const result = plan(issueFile('a1'), { path: 'events.jsonl', text });
    const issue = issueOf(result, 'a1');
    expect(issue.created_at).toBe('2026-01-01T00:00:00.000Z');
    expect(issue.metadata['just-in-time.updated_at']).toBe('2026-02-01T00:00:00.500Z');
    expect(result.read.events).toBe(5);
    expect(skippedSubjects(result, 'event of a missing issue')).toEqual(['gone']);
    expect(skippedSubjects(result, 'event line')).toEqual([
      expect.stringContaining('events.jsonl:5'),
    ]);
  });
});

describe('files', () => {
  it('scans the folder, leaves deleted ids out and reports ids without a file', () => {
    const result = plan(
      issueFile('a1'),
      issueFile('a2'),
      json('index.json', { schema_version: 2, all_ids: ['a3'], deleted_ids: ['a2'] }),
    );
    expect(result.issues.map(({ id }) => id)).toEqual(['a1']);
    expect(skippedSubjects(result, 'deleted issue')).toEqual(['a2']);
    expect(skippedSubjects(result, 'issue')).toEqual(['a3']);
  });

  it('names what is not imported', () => {
    const paths = [
      'config.toml',
      'claims.jsonl',
      'issues/a1.json.lock',
      'issues/.a1.json.tmp',
      'gate-runs',
    ];
    const result = plan(...paths.map((path) => ({ path, text: null })));
    expect(skippedSubjects(result, 'file').sort()).toEqual(paths.toSorted());
  });

  it('refuses corrupt files, all of them named', () => {
    const bad = [
      { path: 'issues/a1.json', text: '{"id":"a1"' },
      { path: 'issues/a2.json', text: '{\n<<<<<<< HEAD\n}' },
      { path: 'index.json', text: '[]' },
    ];
    expect(() => plan(...bad)).toThrow(
      /a1\.json: no JSON.*a2\.json: a conflict marker.*line 2.*index\.json/,
    );
  });

  it('refuses cycles with the path and a folder of jit itself', () => {
    const circle = [
      issueFile('a1', { dependencies: ['a2'] }),
      issueFile('a2', { dependencies: ['a1'] }),
    ];
    expect(() => plan(...circle)).toThrow(/a1 → a2 → a1/);
    expect(() => plan(json('issues/a1.json', { schema: 1, id: 'a1', gates: {} }))).toThrow(
      /jit, not of/,
    );
  });

  it('links dependencies that do not come over', () => {
    const result = plan(issueFile('a1', { dependencies: ['gone', 'a2'] }), issueFile('a2'));
    expect(issueOf(result, 'a1')).toMatchObject({
      dependencies: ['a2'],
      links: { 'depends-on': 'gone' },
    });
    expect(skippedSubjects(result, 'dependency')).toEqual(['a1 → gone']);
  });
});
