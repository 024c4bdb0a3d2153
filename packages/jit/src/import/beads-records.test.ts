import { describe, expect, it } from 'vitest';
import { planBeadsImport } from './beads.ts';
import {
  bead,
  issueOf,
  NOW,
  planBeads,
  repairedSubjects,
  skippedSubjects,
} from './plan-fixture.ts';

describe('readBeadsRecords', () => {
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
    const result = planBeads('{"_schema":"beads/1"}', memory, bead('bd-1', { _type: 'issue' }));
    expect(result.read.issues).toBe(1);
    expect(skippedSubjects(result, 'memory line')).toEqual(['mail']);
    expect(skippedSubjects(result, 'header line')).toEqual(['line 1']);
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('takes the newest of duplicate ids', () => {
    const result = planBeads(
      bead('bd-1', { title: 'newest', updated_at: '2026-03-01T00:00:00.000002Z' }),
      bead('bd-1', { title: 'older', updated_at: '2026-03-01T01:00:00.000001+01:00' }),
    );
    expect(result.issues.map(({ title }) => title)).toEqual(['newest']);
    expect(result.read.issues).toBe(2);
    expect(repairedSubjects(result, 'duplicate id')).toEqual(['bd-1']);
  });

  it('leaves tombstones out unless they are wanted', () => {
    const dead = bead('bd-1', { status: 'tombstone', deleted_by: 'bo@example.org' });
    expect(skippedSubjects(planBeads(dead), 'tombstone')).toEqual(['bd-1']);
    const kept = planBeadsImport(dead, { now: NOW, keepTombstones: true });
    expect(issueOf(kept, 'bd-1')).toMatchObject({ state: 'rejected' });
    expect(issueOf(kept, 'bd-1').metadata['beads.deleted_by']).toBe('bo');
  });

  it('keeps foreign ids and leaves path-unsafe ones out', () => {
    const ids = ['bd-1.2.3', 'gastown-hq-long-x1', '../evil', 'a/b', '.hidden', 'null', 'con'];
    const result = planBeads(...ids.map((id) => bead(id)));
    expect(result.issues.map(({ id }) => id)).toEqual(['bd-1.2.3', 'gastown-hq-long-x1']);
    expect(skippedSubjects(result, 'issue').toSorted()).toEqual(ids.slice(2).sort());
  });

  it('refuses ids that differ only in case', () => {
    expect(() => planBeads(bead('bd-a'), bead('bd-A'))).toThrow(/bd-a and bd-A/);
  });
});
