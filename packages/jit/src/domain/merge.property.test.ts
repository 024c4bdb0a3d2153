import { PRIORITIES, STORED_STATES } from '@jit/contract/vocabulary';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Issue } from './issue.ts';
import { anIssue } from './issue-fixture.ts';
import { mergeIssues } from './merge.ts';
import { sameValue } from './merge-values.ts';

const RUNS = 2000;
const word = fc.constantFrom('', 'a', 'b', 'c');
const key = fc.constantFrom('x', 'y', '__proto__', 'toString');
const set = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')).map((each) => each.sort());
const map = <T>(value: fc.Arbitrary<T>) =>
  fc
    .array(fc.tuple(key, value), { maxLength: 3 })
    .map((pairs): Record<string, T> => Object.fromEntries(pairs));

const group = fc.record({
  attempt: fc.nat(2),
  state: fc.constantFrom(...STORED_STATES),
  assignee: fc.constantFrom(null, 'ana', 'bob'),
  claim: fc.constantFrom(
    null,
    ...['hash-1', 'hash-2'].map((token_hash) => ({
      since: '2026-01-01T00:00:00.000Z',
      ttl_secs: 60,
      token_hash,
      origin: 'here',
    })),
  ),
});

const fields = fc.record({
  title: word.map((text) => `title ${text}`),
  description: word,
  acceptance_criteria: fc.array(fc.constantFrom('one', 'two'), { maxLength: 2 }),
  priority: fc.constantFrom(...PRIORITIES),
  labels: set,
  dependencies: set,
  documents: set,
  gates: map(fc.constantFrom('pending' as const, 'passed' as const).map((status) => ({ status }))),
  defer_until: fc.constantFrom(null, '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'),
  links: map(word),
  metadata: map(fc.jsonValue({ maxDepth: 1 })),
  created_at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
  created_by: word,
  extra: map(word),
});

const issue: fc.Arbitrary<Issue> = fc
  .tuple(fields, group)
  .map(([some, claim]) => anIssue({ ...some, ...claim }));

const SCALARS = [
  'title',
  'description',
  'acceptance_criteria',
  'defer_until',
  'created_at',
  'created_by',
  'priority',
] as const;
const SETS = ['labels', 'dependencies', 'documents'] as const;
const MAPS = ['gates', 'links', 'metadata', 'extra'] as const;

let cases = 0;
const check = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  predicate: (...values: T) => void,
) =>
  fc.assert(
    fc.property(...arbitraries, (...values) => {
      cases += 1;
      predicate(...(values as T));
    }),
    { numRuns: RUNS },
  );

/** Applies to a copy of an issue some fields of another one: two sides that share a past. */
const edited = (base: Issue, from: Issue, mask: number): Issue => {
  const names = [...SCALARS, ...SETS, ...MAPS];
  const some = names.filter((_, at) => (mask >> at) & 1).map((name) => [name, from[name]]);
  const { attempt, state, assignee, claim } = (mask >> names.length) & 1 ? from : base;
  return { ...base, ...Object.fromEntries(some), attempt, state, assignee, claim };
};

const masks = fc.nat(2 ** 15 - 1);

afterAll(() => console.log(`${cases} random merges: no value lost`));

describe('merging issues, whatever they hold', () => {
  it('changes nothing where both sides are the same', () => {
    check([issue, issue], (base, side) => {
      const { issue: merged, conflicts } = mergeIssues(base, side, side);
      expect(conflicts).toEqual([]);
      expect(sameValue(merged, side)).toBe(true);
    });
  });

  it('takes the side that changed, whichever it is', () => {
    check([issue, issue], (base, side) => {
      for (const { issue: merged, conflicts } of [
        mergeIssues(base, side, base),
        mergeIssues(base, base, side),
      ]) {
        expect(conflicts).toEqual([]);
        expect(sameValue(merged, side)).toBe(true);
      }
    });
  });

  it('keeps of a set what neither side took away', () => {
    check([issue, issue, issue], (base, ours, theirs) => {
      const { issue: merged } = mergeIssues(base, ours, theirs);
      for (const field of SETS) {
        for (const value of ['a', 'b', 'c', 'd']) {
          const [was, here, there] = [base, ours, theirs].map((each) =>
            each[field].includes(value),
          );
          expect(merged[field].includes(value)).toBe(was ? here && there : here || there);
        }
      }
    });
  });

  it('is the same merge from either side, but for whose value is kept', () => {
    check([issue, issue, issue], (base, ours, theirs) => {
      const [one, two] = [mergeIssues(base, ours, theirs), mergeIssues(base, theirs, ours)];
      const fieldsOf = (conflicts: typeof one.conflicts) =>
        conflicts.map(({ field }) => field).sort();
      expect(fieldsOf(one.conflicts)).toEqual(fieldsOf(two.conflicts));
      const disputed = new Set(fieldsOf(one.conflicts));
      for (const field of [...SCALARS, ...SETS]) {
        if (field === 'priority' || !disputed.has(field))
          expect(one.issue[field]).toEqual(two.issue[field]);
      }
      for (const conflict of one.conflicts) {
        const twin = two.conflicts.find(({ field }) => field === conflict.field);
        expect([conflict.kept, conflict.other].map((v) => JSON.stringify(v)).sort()).toEqual(
          [twin?.kept, twin?.other].map((v) => JSON.stringify(v)).sort(),
        );
      }
    });
  });

  it('lets no value of a side vanish: it is in the result, in a conflict, or as it was before', () => {
    check([fc.option(issue), issue, issue, issue, masks, masks], (past, a, b, c, maskA, maskB) => {
      const [base, ours, theirs] =
        past === null ? [null, a, b] : [past, edited(past, a, maskA), edited(past, c, maskB)];
      const { issue: merged, conflicts } = mergeIssues(base, ours, theirs);
      const told = (field: string, value: unknown) =>
        conflicts.some(
          (each) =>
            each.field === field && (sameValue(each.kept, value) || sameValue(each.other, value)),
        );
      for (const side of [ours, theirs]) {
        for (const field of SCALARS) {
          const kept = sameValue(merged[field], side[field]) || told(field, side[field]);
          const unset = side[field] === '' || side[field] === null || sameValue(side[field], []);
          expect(kept || (base === null ? unset : sameValue(side[field], base[field]))).toBe(true);
        }
        for (const field of MAPS) {
          for (const name of Object.keys(side[field])) {
            const value = side[field][name];
            const kept =
              Object.hasOwn(merged[field], name) && sameValue(merged[field][name], value);
            const old =
              base !== null &&
              Object.hasOwn(base[field], name) &&
              sameValue(base[field][name], value);
            expect(kept || old || told(`${field}.${name}`, value)).toBe(true);
          }
        }
        const claim = ({ attempt, state, assignee, claim: held }: Issue) => ({
          attempt,
          state,
          assignee,
          since: held?.since ?? null,
        });
        const kept = sameValue(claim(merged), claim(side)) || told('claim', claim(side));
        expect(kept || (base !== null && sameValue(claim(side), claim(base)))).toBe(true);
      }
    });
  });

  it('never puts a claim together from two sides, and the larger attempt wins', () => {
    check([issue, issue, issue], (base, ours, theirs) => {
      const { issue: merged } = mergeIssues(base, ours, theirs);
      const group = ({ attempt, state, assignee, claim }: Issue) => ({
        attempt,
        state,
        assignee,
        claim,
      });
      expect([ours, theirs].some((side) => sameValue(group(side), group(merged)))).toBe(true);
      const changed = [ours, theirs].filter((side) => !sameValue(group(side), group(base)));
      if (changed.length === 2) expect(merged.attempt).toBe(Math.max(ours.attempt, theirs.attempt));
    });
  });
});
