import { describe, expect, it } from 'vitest';
import { issueFile, issueOf, json, planFiles, skippedSubjects } from './plan-fixture.ts';

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
  expect(issueOf(planFiles(issueFile('a1', { state: given })), 'a1')).toMatchObject({
    state,
    claim: null,
  });
});

describe('fields', () => {
  it('keeps context, documents, format and unknown keys', () => {
    const rich = { path: 'docs/a.md', commit: null, label: 'Plan', doc_type: 'design' };
    const plain = { path: 'docs/b.md', commit: null };
    const issue = issueOf(
      planFiles(
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
    const result = planFiles(issueFile('a1'), { path: 'events.jsonl', text });
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
    const result = planFiles(
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
    const result = planFiles(...paths.map((path) => ({ path, text: null })));
    expect(skippedSubjects(result, 'file').toSorted()).toEqual(paths.toSorted());
  });

  it('refuses corrupt files, all of them named', () => {
    const bad = [
      { path: 'issues/a1.json', text: '{"id":"a1"' },
      { path: 'issues/a2.json', text: '{\n<<<<<<< HEAD\n}' },
      { path: 'index.json', text: '[]' },
    ];
    expect(() => planFiles(...bad)).toThrow(
      /a1\.json: no JSON.*a2\.json: a conflict marker.*line 2.*index\.json/,
    );
  });

  it('refuses cycles with the path and a folder of jit itself', () => {
    const circle = [
      issueFile('a1', { dependencies: ['a2'] }),
      issueFile('a2', { dependencies: ['a1'] }),
    ];
    expect(() => planFiles(...circle)).toThrow(/a1 → a2 → a1/);
    expect(() => planFiles(json('issues/a1.json', { schema: 1, id: 'a1', gates: {} }))).toThrow(
      /jit, not of/,
    );
  });

  it('links dependencies that do not come over', () => {
    const result = planFiles(issueFile('a1', { dependencies: ['gone', 'a2'] }), issueFile('a2'));
    expect(issueOf(result, 'a1')).toMatchObject({
      dependencies: ['a2'],
      links: { 'depends-on': 'gone' },
    });
    expect(skippedSubjects(result, 'dependency')).toEqual(['a1 → gone']);
  });
});
