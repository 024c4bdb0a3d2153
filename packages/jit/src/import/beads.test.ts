import { describe, expect, it } from 'vitest';
import type { Issue } from '../domain/issue.ts';
import { planBeadsImport } from './beads.ts';
import type { ImportPlan } from './source.ts';

const NOW = '2026-11-20T10:00:00.000Z';

function bead(id: string, more: Record<string, unknown> = {}): string {
  const created_at = '2026-01-16T07:21:09.28Z';
  return JSON.stringify({
    id,
    title: `Issue ${id}`,
    status: 'open',
    priority: 2,
    issue_type: 'task',
    created_at,
    updated_at: created_at,
    created_by: 'ana',
    ...more,
  });
}

function edge(target: string, type = 'blocks', more: Record<string, unknown> = {}) {
  return { depends_on_id: target, type, ...more };
}

function plan(...lines: string[]): ImportPlan {
  return planBeadsImport(lines.join('\n'), { now: NOW });
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

describe('fields', () => {
  it('maps what has a place and keeps the rest as metadata', () => {
    const result = plan(
      bead('bd-1', {
        description: 'Why.',
        design: 'How.',
        notes: 'Later.',
        acceptance_criteria: '- it starts\n- it stops',
        priority: 4,
        issue_type: 'feat',
        labels: ['cli', ' ', 'two\nlines'],
        assignee: 'Ana <ana@example.org>',
        owner: 'ana@example.org',
        external_ref: 'gh-9',
        estimated_minutes: 0,
        due_at: '2026-12-01T00:00:00Z',
        homegrown: { level: 3 },
        is_template: true,
      }),
    );
    const issue = issueOf(result, 'bd-1');
    expect(issue).toMatchObject({
      description: 'Why.\n\n## Design\n\nHow.\n\n## Notes\n\nLater.',
      acceptance_criteria: ['it starts', 'it stops'],
      priority: 'low',
      labels: ['cli', 'template', 'two lines', 'type:feature'],
      assignee: 'Ana',
      attempt: 0,
      claim: null,
      created_at: '2026-01-16T07:21:09.280Z',
    });
    expect(issue.metadata).toEqual({
      'beads.priority': 4,
      'beads.updated_at': '2026-01-16T07:21:09.28Z',
      'beads.external_ref': 'gh-9',
      'beads.due_at': '2026-12-01T00:00:00Z',
      'beads.homegrown': { level: 3 },
    });
    expect(skippedSubjects(result, 'field')).toEqual(['owner']);
    expect(skippedSubjects(result, 'field without a value')).toEqual(['estimated_minutes']);
    expect(repairedSubjects(result, 'mail address')).toEqual(['bd-1']);
    expect(JSON.stringify(result)).not.toContain('@example.org');
  });

  it('keeps a value of the wrong kind and a dangerous key', () => {
    const odd = '{"id":"bd-1","title":7,"created_at":"2026-01-16","__proto__":{"a":1}}';
    const issue = issueOf(plan(odd), 'bd-1');
    expect(issue.title).toBe('(no title)');
    expect(issue.metadata).toMatchObject({ 'beads.title': 7, 'beads.__proto__': { a: 1 } });
  });

  it('fills in what is missing and says so', () => {
    const result = plan('{"id":"bd-1","title":"  ","closed_at":"2026-02-01T00:00:00Z"}');
    expect(issueOf(result, 'bd-1')).toMatchObject({
      title: '(no title)',
      state: 'done',
      priority: 'normal',
      labels: ['type:task'],
      created_at: '2026-02-01T00:00:00.000Z',
      created_by: 'beads',
    });
    const repaired = result.report.repaired.map(({ what }) => what).sort();
    expect(repaired).toEqual(['created_at', 'created_by', 'issue_type', 'priority', 'title']);
  });

  it('keeps work in progress without a claim, with its assignee', () => {
    const result = plan(
      bead('bd-1', { status: 'in_progress', assignee: 'bo' }),
      bead('bd-2', { status: 'hooked' }),
    );
    for (const id of ['bd-1', 'bd-2']) {
      expect(issueOf(result, id)).toMatchObject({ state: 'in_progress', claim: null });
    }
    expect(issueOf(result, 'bd-1').assignee).toBe('bo');
  });

  it('defers with a date, and labels what is deferred without one', () => {
    const result = plan(
      bead('bd-1', { status: 'deferred', defer_until: '2027-01-01T01:00:00.5+01:00' }),
      bead('bd-2', { status: 'deferred' }),
    );
    expect(issueOf(result, 'bd-1').defer_until).toBe('2027-01-01T00:00:00.500Z');
    expect(issueOf(result, 'bd-2')).toMatchObject({ defer_until: null, state: 'open' });
    expect(issueOf(result, 'bd-2').labels).toContain('deferred');
  });
});

describe('lines', () => {
  it('refuses bad lines and conflict markers as a whole, naming every one', () => {
    const text = [bead('bd-1'), '<<<<<<< HEAD', '{"id":"bd-2","ti', '[]', '{"title":"x"}'].join(
      '\r\n',
    );
    expect(() => planBeadsImport(text, { now: NOW, path: 'issues.jsonl' })).toThrow(
      /jsonl:2: a conflict marker.*jsonl:3: no JSON.*jsonl:4: no JSON object.*jsonl:5: an issue without an id/,
    );
  });

  it('reads a byte order mark, CRLF and blank lines', () => {
    expect(planBeadsImport(`\uFEFF${bead('bd-1')}\r\n\r\n`, { now: NOW }).issues).toHaveLength(1);
  });

  it('leaves out headers and memories, without their values', () => {
    const memory = JSON.stringify({ _type: 'memory', key: 'mail', value: 'secret' });
    const result = plan('{"_schema":"beads/1"}', memory, bead('bd-1', { _type: 'issue' }));
    expect(result.read.issues).toBe(1);
    expect(skippedSubjects(result, 'memory line')).toEqual(['mail']);
    expect(skippedSubjects(result, 'header line')).toEqual(['line 1']);
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('takes the newest of duplicate ids', () => {
    const result = plan(
      bead('bd-1', { title: 'newest', updated_at: '2026-03-01T00:00:00.000002Z' }),
      bead('bd-1', { title: 'older', updated_at: '2026-03-01T01:00:00.000001+01:00' }),
    );
    expect(result.issues.map(({ title }) => title)).toEqual(['newest']);
    expect(result.read.issues).toBe(2);
    expect(repairedSubjects(result, 'duplicate id')).toEqual(['bd-1']);
  });

  it('leaves tombstones out unless they are wanted', () => {
    const dead = bead('bd-1', { status: 'tombstone', deleted_by: 'bo@example.org' });
    expect(skippedSubjects(plan(dead), 'tombstone')).toEqual(['bd-1']);
    const kept = planBeadsImport(dead, { now: NOW, keepTombstones: true });
    expect(issueOf(kept, 'bd-1')).toMatchObject({ state: 'rejected' });
    expect(issueOf(kept, 'bd-1').metadata['beads.deleted_by']).toBe('bo');
  });

  it('keeps foreign ids and leaves path-unsafe ones out', () => {
    const ids = ['bd-1.2.3', 'gastown-hq-long-x1', '../evil', 'a/b', '.hidden', 'null', 'con'];
    const result = plan(...ids.map((id) => bead(id)));
    expect(result.issues.map(({ id }) => id)).toEqual(['bd-1.2.3', 'gastown-hq-long-x1']);
    expect(skippedSubjects(result, 'issue').sort()).toEqual(ids.slice(2).sort());
  });

  it('refuses ids that differ only in case', () => {
    expect(() => plan(bead('bd-a'), bead('bd-A'))).toThrow(/bd-a and bd-A/);
  });
});

describe('edges', () => {
  it('makes dependencies of blocking edges and links of the others', () => {
    const result = plan(
      bead('bd-1', {
        dependencies: [
          edge('bd-2'),
          edge('bd-3', 'waits-for', { metadata: '{"gate":"all-children"}' }),
          edge('bd-2', 'parent-child'),
          edge('bd-3', 'parent_child'),
          edge('bd-4', 'relates-to'),
          edge('bd-4', 'homegrown'),
          edge('bd-1'),
          edge('external:other:cap'),
          edge('bd-99'),
          'bd-2',
        ],
      }),
      bead('bd-2', { status: 'closed' }),
      bead('bd-3', { status: 'closed' }),
      bead('bd-4'),
    );
    const issue = issueOf(result, 'bd-1');
    expect(issue.dependencies).toEqual(['bd-2', 'bd-3']);
    expect(issue.links).toEqual({
      parent: 'bd-2',
      'parent.2': 'bd-3',
      'relates-to': 'bd-4',
      homegrown: 'bd-4',
      'depends-on': 'external:other:cap',
      'depends-on.2': 'bd-99',
    });
    expect(result.read.dependencies).toBe(10);
    expect(result.edges.get('bd-1')).toEqual({ imported: 2, linked: 6 });
    expect(issue.metadata['beads.dependencies']).toHaveLength(2);
    expect(skippedSubjects(result, 'dependency')).toEqual([
      'bd-1',
      'bd-1 → external:other:cap',
      'bd-1 → bd-99',
      'bd-1',
    ]);
  });

  it('does not make a child wait for its parent, but for what blocks the parent', () => {
    const result = plan(
      bead('epic', { dependencies: [edge('blocker')] }),
      bead('child', { dependencies: [edge('epic', 'parent-child')] }),
      bead('grandchild', { dependencies: [edge('child', 'parent-child')] }),
      bead('closed-child', { status: 'closed', dependencies: [edge('epic', 'parent-child')] }),
      bead('blocker'),
    );
    expect(issueOf(result, 'child').dependencies).toEqual(['blocker']);
    expect(issueOf(result, 'grandchild').dependencies).toEqual(['blocker']);
    expect(issueOf(result, 'closed-child').dependencies).toEqual([]);
  });

  it('does not close a circle where a parent waits for its own child', () => {
    const result = plan(
      bead('epic', { dependencies: [edge('first')] }),
      bead('first', { dependencies: [edge('epic', 'parent-child'), edge('second')] }),
      bead('second', { dependencies: [edge('epic', 'parent-child')] }),
    );
    expect(issueOf(result, 'first').dependencies).toEqual(['second']);
    expect(issueOf(result, 'second').dependencies).toEqual([]);
    expect(skippedSubjects(result, 'blocker of a parent')).toEqual([
      'first → first',
      'second → first',
    ]);
  });

  it('refuses a cycle with its path', () => {
    const lines = [
      bead('bd-1', { dependencies: [edge('bd-2')] }),
      bead('bd-2', { dependencies: [edge('bd-3')] }),
      bead('bd-3', { dependencies: [edge('bd-1')] }),
    ];
    expect(() => plan(...lines)).toThrow(/bd-1 → bd-2 → bd-3 → bd-1/);
  });

  it('carries a chain of 27', () => {
    const lines = Array.from({ length: 27 }, (_, n) =>
      bead(`bd-${n}`, { dependencies: n === 0 ? [] : [edge(`bd-${n - 1}`)] }),
    );
    expect(issueOf(plan(...lines), 'bd-26').dependencies).toEqual(['bd-25']);
  });
});

it('brings comments in their order, each with its identity', () => {
  const result = plan(
    bead('bd-1', {
      comments: [
        { id: 2, author: 'bo', text: 'second', created_at: '2026-02-01T00:00:00.0000002Z' },
        { id: 'c-1', author: 'a@b.org', text: 'first', created_at: '2026-02-01T00:00:00.0000001Z' },
        { id: 3, author: 'bo', text: ' ' },
      ],
    }),
  );
  expect(result.comments).toEqual([
    {
      issue: 'bd-1',
      at: '2026-02-01T00:00:00.000Z',
      by: 'a',
      text: 'first',
      key: 'beads:bd-1#c-1',
    },
    {
      issue: 'bd-1',
      at: '2026-02-01T00:00:00.001Z',
      by: 'bo',
      text: 'second',
      key: 'beads:bd-1#2',
    },
  ]);
  expect(result.read.comments).toBe(3);
  expect(skippedSubjects(result, 'comment')).toEqual(['bd-1']);
});
