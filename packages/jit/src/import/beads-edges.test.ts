import { describe, expect, it } from 'vitest';
import { bead, edge, issueOf, planBeads, skippedSubjects } from './plan-fixture.ts';

describe('mapBeadsEdges', () => {
  it('makes dependencies of blocking edges and links of the others', () => {
    const result = planBeads(
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
    const result = planBeads(
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
    const result = planBeads(
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
    expect(() => planBeads(...lines)).toThrow(/bd-1 → bd-2 → bd-3 → bd-1/);
  });

  it('carries a chain of 27', () => {
    const lines = Array.from({ length: 27 }, (_, n) =>
      bead(`bd-${n}`, { dependencies: n === 0 ? [] : [edge(`bd-${n - 1}`)] }),
    );
    expect(issueOf(planBeads(...lines), 'bd-26').dependencies).toEqual(['bd-25']);
  });
});
