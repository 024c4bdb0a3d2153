import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGates } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { isUnfinished } from '../domain/issue.ts';
import { blockersOf, isReady, type ReadinessFacts } from '../domain/readiness.ts';
import { planBeadsImport } from './beads.ts';
import { isFields } from './fields.ts';
import { parseJsonLines } from './json-lines.ts';
import { planJustInTimeImport } from './just-in-time.ts';
import { readBeadsSource, readJustInTimeSource } from './read-source.ts';
import type { ImportPlan } from './source.ts';

const NOW = '2026-11-20T10:00:00.000Z';
const repository = join(import.meta.dirname, '../../../..');
const folder = process.env.JIT_SHARED_DATA ?? join(repository, '../shared/data');
const absent = !existsSync(folder);
const reason = `real data: skipped, there is no ${folder} (set JIT_SHARED_DATA)`;
if (absent) console.warn(reason);

/** Works everything off that the graph allows: to done, or to gated where exit gates wait. */
function workOff(plan: ImportPlan) {
  const issues = new Map(plan.issues.map((issue) => [issue.id, issue]));
  const gates = new Map(plan.gates.map((gate) => [gate.key, gate]));
  const facts: ReadinessFacts = {
    stateOf: (id) => issues.get(id)?.state ?? 'missing',
    shownOf: (id) => issues.get(id)?.state ?? 'missing',
    gate: (key) => gates.get(key),
    now: Date.parse(NOW),
  };
  const result: { done: string[]; gated: string[]; waiting: Record<string, string[]> } = {
    done: [],
    gated: [],
    waiting: {},
  };
  for (let next = findReady(issues, facts); next !== undefined; next = findReady(issues, facts)) {
    const state = openGates(next, 'done', facts.gate).length > 0 ? 'gated' : 'done';
    result[state].push(next.id);
    issues.set(next.id, { ...next, state });
  }
  for (const issue of issues.values()) {
    if (issue.state !== 'open') continue;
    result.waiting[issue.id] = blockersOf(issue, facts).map((blocker) => {
      return blocker.type === 'dependency' ? `${blocker.issue} ${blocker.state}` : blocker.type;
    });
  }
  return { ...result, done: result.done.sort(), gated: result.gated.sort() };
}

function findReady(issues: ReadonlyMap<string, Issue>, facts: ReadinessFacts): Issue | undefined {
  return [...issues.values()].find((issue) => isReady(issue, facts));
}

function countBy<T>(values: readonly T[], key: (value: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[key(value)] = (counts[key(value)] ?? 0) + 1;
  return counts;
}

const mappedCount = (plan: ImportPlan, what: string) =>
  Object.fromEntries(
    plan.report.mapped.filter((part) => part.what === what).map(({ from, count }) => [from, count]),
  );

describe(absent ? reason : 'real data', () => {
  describe('beads', () => {
    const read = () => {
      const { text } = readBeadsSource(join(folder, 'beads-issues.jsonl'));
      return { text, plan: planBeadsImport(text, { now: NOW }) };
    };

    it.skipIf(absent)('comes over with every issue, edge and comment', () => {
      const { plan } = read();
      expect(plan.read).toEqual({
        issues: 513,
        gates: 0,
        dependencies: 464,
        comments: 180,
        events: 0,
      });
      expect(countBy(plan.issues, ({ state }) => state)).toEqual({
        done: 461,
        rejected: 33,
        in_progress: 8,
        open: 10,
      });
      expect(mappedCount(plan, 'dependency')).toEqual({
        blocks: 289,
        'parent-child': 114,
        parent_child: 19,
        'discovered-from': 26,
        'relates-to': 16,
      });
      expect(plan.comments).toHaveLength(180);
      const tombstones = plan.report.skipped.filter(({ what }) => what === 'tombstone');
      expect(tombstones.map(({ subjects }) => subjects)).toEqual([['beads_rust-1h4']]);
    });

    it.skipIf(absent)('has every field in its report', () => {
      const { text, plan } = read();
      const named = new Set([
        ...plan.report.mapped.flatMap(({ what, from }) => [what, from.replace(/ .*/, '')]),
        ...plan.report.skipped.flatMap(({ subjects }) => subjects),
      ]);
      const records = parseJsonLines(text).lines.map(({ value }) => (isFields(value) ? value : {}));
      const fields = new Set(
        records
          .filter(({ status }) => status !== 'tombstone')
          .flatMap((record) => Object.keys(record)),
      );
      const counted = ['dependencies', 'comments']; // have counts of their own
      expect([...fields].filter((field) => !named.has(field) && !counted.includes(field))).toEqual(
        [],
      );
    });

    it.skipIf(absent)('can be worked off: 8 of the 10 open issues', () => {
      const { done, gated, waiting } = workOff(read().plan);
      expect(done).toHaveLength(8);
      expect(gated).toEqual([]);
      expect(waiting).toEqual({
        'beads_rust-lr74.3': ['beads_rust-lr74.2 in_progress'],
        'beads_rust-lr74.4': ['beads_rust-lr74.3 open'],
      });
    });
  });

  describe('just-in-time', () => {
    const read = () =>
      planJustInTimeImport(readJustInTimeSource(join(folder, 'just-in-time')), { now: NOW });

    it.skipIf(absent)('comes over with every issue, edge and gate', () => {
      const plan = read();
      expect(plan.read).toEqual({
        issues: 373,
        gates: 13,
        dependencies: 470,
        comments: 0,
        events: 4286,
      });
      expect(mappedCount(plan, 'state')).toEqual({
        done: 348,
        rejected: 13,
        backlog: 6,
        ready: 5,
        in_progress: 1,
      });
      expect(plan.issues.flatMap(({ dependencies }) => dependencies)).toHaveLength(470);
      expect(plan.gates).toHaveLength(13);
      const gone = plan.report.skipped.filter(({ what }) => what === 'event of a missing issue');
      expect(gone.flatMap(({ subjects }) => subjects)).toHaveLength(46);
      const finished = plan.issues.filter(
        (issue) => !isUnfinished(issue) && issue.state === 'done',
      );
      const gate = (key: string) => plan.gates.find((found) => found.key === key);
      expect(finished.filter((issue) => openGates(issue, 'done', gate).length > 0)).toEqual([]);
    });

    it.skipIf(absent)('can be worked off: 4 done and 2 gated of the 11 open issues', () => {
      const { done, gated, waiting } = workOff(read());
      const short = (id: string) => id.slice(0, 8);
      expect(done.map(short)).toEqual(['6eb585bc', 'a4e3cfb0', 'f16cfe8c', 'f847df3f']);
      expect(gated.map(short)).toEqual(['2821e177', '94f873c8']);
      const causes = Object.entries(waiting).map(([id, blockers]) => [
        short(id),
        blockers.map((text) => text.replace(/^(.{8})\S* /, '$1 ')),
      ]);
      expect(Object.fromEntries(causes)).toEqual({
        '13c69884': ['9db27a3a open'],
        '8f5de6bc': ['eed6750c in_progress'],
        '9db27a3a': ['2821e177 gated', '94f873c8 gated', 'f2532a2d open'],
        f2532a2d: ['f59d1b6b open'],
        f59d1b6b: ['8f5de6bc open'],
      });
    });
  });
});
