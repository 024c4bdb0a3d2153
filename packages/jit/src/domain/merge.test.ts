import { describe, expect, it } from 'vitest';
import { aClaimedIssue, anIssue } from './issue-fixture.ts';
import { mergeIssues } from './merge.ts';

describe('merging two versions of an issue', () => {
  const base = anIssue({ labels: ['a', 'b'], dependencies: ['x000'], links: { pr: '1' } });

  it('takes each field from the side that changed it', () => {
    const ours = { ...base, title: 'ours', labels: ['a', 'b', 'c'] };
    const theirs = { ...base, description: 'theirs', labels: ['b'] };
    const { issue, conflicts } = mergeIssues(base, ours, theirs);
    expect(issue).toMatchObject({ title: 'ours', description: 'theirs', labels: ['b', 'c'] });
    expect(conflicts).toEqual([]);
  });

  it('keeps the first side where both changed a field, and tells the other value', () => {
    const { issue, conflicts } = mergeIssues(
      base,
      { ...base, title: 'ours' },
      { ...base, title: 'theirs' },
    );
    expect(issue.title).toBe('ours');
    expect(conflicts).toEqual([{ field: 'title', kept: 'ours', other: 'theirs' }]);
  });

  it('keeps the higher priority', () => {
    expect(
      mergeIssues(base, { ...base, priority: 'low' }, { ...base, priority: 'high' }).issue.priority,
    ).toBe('high');
    expect(
      mergeIssues(null, { ...base, priority: 'low' }, { ...base, priority: 'high' }).issue.priority,
    ).toBe('high');
  });

  it('takes claim, assignee and state together from the larger attempt', () => {
    const ours = aClaimedIssue({ attempt: 1 });
    const theirs = anIssue({ attempt: 2, state: 'done', assignee: 'other' });
    expect(mergeIssues(base, ours, theirs).issue).toMatchObject({
      attempt: 2,
      state: 'done',
      assignee: 'other',
      claim: null,
    });
  });

  it('takes the finished one at the same attempt, and no token hash gets into the conflict', () => {
    const { issue, conflicts } = mergeIssues(
      base,
      aClaimedIssue(),
      aClaimedIssue({ state: 'done', claim: null }),
    );
    expect(issue.state).toBe('done');
    expect(conflicts.map((conflict) => conflict.field)).toEqual(['claim']);
    expect(JSON.stringify(conflicts)).not.toContain('hash-1');
  });

  it('merges gates and links by key and lets a removal win over an unchanged value', () => {
    const ours = { ...base, links: {} };
    const theirs = { ...base, links: { pr: '1', doc: '2' } };
    expect(mergeIssues(base, ours, theirs).issue.links).toEqual({ doc: '2' });
  });

  it('lets no gate of a new attempt be passed by a result of the attempt before', () => {
    const past = { ...base, attempt: 1, gates: { tests: { status: 'pending' as const } } };
    const passed = { ...past, gates: { tests: { status: 'passed' as const, by: 'ana' } } };
    const again = aClaimedIssue({ ...past, attempt: 2, state: 'in_progress', assignee: 'bob' });
    for (const { issue, conflicts } of [
      mergeIssues(past, passed, again),
      mergeIssues(past, again, passed),
    ]) {
      expect(issue).toMatchObject({ attempt: 2, gates: { tests: { status: 'pending' } } });
      expect(conflicts).toEqual([
        {
          field: 'gates.tests',
          kept: { status: 'pending' },
          other: { status: 'passed', by: 'ana' },
        },
      ]);
    }
    // Within one attempt the result counts.
    const same = { ...past, title: 'new' };
    expect(mergeIssues(past, passed, same).issue.gates.tests?.status).toBe('passed');
  });

  it('gives two claims of one attempt to who was first, on both sides alike', () => {
    const side = (assignee: string, since: string) =>
      aClaimedIssue({
        assignee,
        claim: { since, ttl_secs: null, token_hash: assignee, origin: assignee },
      });
    const first = side('bob', '2026-01-01T00:00:00.000Z');
    const second = side('ana', '2026-01-01T00:00:01.000Z');
    const merged = [mergeIssues(base, first, second), mergeIssues(base, second, first)];
    expect(merged.map(({ issue }) => issue.assignee)).toEqual(['bob', 'bob']);
    expect(merged.map(({ conflicts }) => conflicts.map(({ field }) => field))).toEqual([
      ['claim'],
      ['claim'],
    ]);
  });

  it('is the same whichever side a lone change stands on', () => {
    const changed = { ...base, title: 'new', labels: ['z'], metadata: { k: 'v' } };
    expect(mergeIssues(base, changed, base).issue).toEqual(mergeIssues(base, base, changed).issue);
  });
});
