import { describe, expect, it } from 'vitest';
import { bead, issueOf, planBeads, repairedSubjects, skippedSubjects } from './plan-fixture.ts';

describe('fields', () => {
  it('maps what has a place and keeps the rest as metadata', () => {
    const result = planBeads(
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
    const issue = issueOf(planBeads(odd), 'bd-1');
    expect(issue.title).toBe('(no title)');
    expect(issue.metadata).toMatchObject({ 'beads.title': 7, 'beads.__proto__': { a: 1 } });
  });

  it('fills in what is missing and says so', () => {
    const result = planBeads('{"id":"bd-1","title":"  ","closed_at":"2026-02-01T00:00:00Z"}');
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
    const result = planBeads(
      bead('bd-1', { status: 'in_progress', assignee: 'bo' }),
      bead('bd-2', { status: 'hooked' }),
    );
    for (const id of ['bd-1', 'bd-2']) {
      expect(issueOf(result, id)).toMatchObject({ state: 'in_progress', claim: null });
    }
    expect(issueOf(result, 'bd-1').assignee).toBe('bo');
  });

  it('defers with a date, and labels what is deferred without one', () => {
    const result = planBeads(
      bead('bd-1', { status: 'deferred', defer_until: '2027-01-01T01:00:00.5+01:00' }),
      bead('bd-2', { status: 'deferred' }),
    );
    expect(issueOf(result, 'bd-1').defer_until).toBe('2027-01-01T00:00:00.500Z');
    expect(issueOf(result, 'bd-2')).toMatchObject({ defer_until: null, state: 'open' });
    expect(issueOf(result, 'bd-2').labels).toContain('deferred');
  });
});

it('names the open issues that somebody has reserved', () => {
  const result = planBeads(bead('bd-1', { assignee: 'bo' }), bead('bd-2'));
  const found = result.report.mapped.find(({ what }) => what === 'assignee of an open issue');
  expect(found?.subjects).toEqual(['bd-1']);
});

it('brings comments in their order, each with its identity', () => {
  const result = planBeads(
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
