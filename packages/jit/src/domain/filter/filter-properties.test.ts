import { BLOCKER_TYPES, GATE_STATUSES, PRIORITIES, SHOWN_STATES } from '@jit/contract/vocabulary';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../issue.ts';
import { anIssue } from '../issue-fixture.ts';
import { blockersOf, isReady, type ReadinessFacts } from '../readiness.ts';
import type { Expression, Pattern, Term } from './expression.ts';
import { FilterProblem } from './expression.ts';
import { canMatch, matches } from './matches.ts';
import { parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';

const RUNS = 10_000;

const FACTS: ReadinessFacts = {
  stateOf: (id) => (id === 'done' ? 'done' : 'open'),
  shownOf: () => 'ready',
  gate: () => undefined,
  now: Date.UTC(2026, 5, 1),
};

const TEXTS = [
  'a',
  'ab',
  'a b',
  'A',
  '*',
  '"',
  "it's",
  '\\',
  '(x)',
  'a,b',
  'AND',
  '=x',
  '🥛é',
  'e\u0301',
];
const text = fc.constantFrom(...TEXTS);
const part = fc.oneof(text, fc.constant(''), fc.string({ unit: 'binary', maxLength: 4 }));
const pattern: fc.Arbitrary<Pattern> = fc
  .oneof(
    text.map((each) => [each]),
    fc.array(part, { minLength: 2, maxLength: 3 }),
  )
  .filter((parts) => parts.length > 1 || parts[0] !== '');
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 });
const lower = patterns.map((all) => all.map((parts) => parts.map((each) => each.toLowerCase())));
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const name = pattern.filter(
  (parts) =>
    parts.length > 1 || !['', 'null', 'undefined', 'none', 'nan'].includes(`${parts[0]}`.trim()),
);
const key = fc.constantFrom<Pattern>(['review'], ['re', ''], ['', ''], ['tests']);

const span = fc
  .tuple(fc.integer({ min: 0, max: 400 * 24 * 60 }), fc.constantFrom(86_400_000, 60_000, 1000, 1))
  .map(([minutes, length]) => {
    const start = Date.UTC(2026, 0, 1) + minutes * 60_000 + (length === 1 ? 7 : 0);
    const from = start - (start % length);
    return { start: from, end: from + length };
  });

const term: fc.Arbitrary<Term> = fc.oneof(
  fc.record({ kind: fc.constant('state' as const), states: some(SHOWN_STATES) }),
  fc.record({ kind: fc.constant('priority' as const), priorities: some(PRIORITIES) }),
  fc.record({
    kind: fc.constant('name' as const),
    field: fc.constantFrom('label' as const, 'assignee' as const, 'created_by' as const),
    patterns: fc.array(
      name.filter((parts) => !parts.some((each) => /[\r\n]/.test(each))),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  }),
  fc.record({
    kind: fc.constant('id' as const),
    field: fc.constantFrom('id' as const, 'dep' as const),
    patterns,
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom('title' as const, 'description' as const, 'text' as const),
    patterns: lower,
  }),
  fc.oneof(
    fc.record({
      kind: fc.constant('created' as const),
      operator: fc.constant(':' as const),
      spans: fc.array(span, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('created' as const),
      operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
      spans: span.map((only) => [only]),
    }),
  ),
  fc.record({
    kind: fc.constant('gate' as const),
    gates: fc.array(
      fc.record({ key, status: fc.option(fc.constantFrom(...GATE_STATUSES), { nil: null }) }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  fc.record({ kind: fc.constant('blocker' as const), types: some(BLOCKER_TYPES) }),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    term.map((each): Expression => ({ kind: 'term', term: each })),
    tie('expression').map((of): Expression => ({ kind: 'not', of })),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      )
      .map(([kind, all]): Expression => ({ kind, all: all.flatMap((each) => flat(kind, each)) })),
  ),
}));

/** A chain inside a chain of the same kind is one chain, as the parser reads it without parentheses. */
function flat(kind: 'and' | 'or', each: Expression): readonly Expression[] {
  return each.kind === kind ? each.all : [each];
}

const issue: fc.Arbitrary<Issue> = fc
  .record({
    id: fc.constantFrom('a000', 'ab', 'b'),
    title: text,
    description: text,
    state: fc.constantFrom('open', 'in_progress', 'gated', 'done', 'rejected', 'archived'),
    priority: fc.constantFrom(...PRIORITIES),
    assignee: fc.option(text, { nil: null }),
    labels: fc.uniqueArray(text, { maxLength: 3 }),
    dependencies: fc.subarray(['done', 'open', 'ab']),
    gates: fc.dictionary(
      fc.constantFrom('review', 'tests'),
      fc.record({ status: fc.constantFrom(...GATE_STATUSES) }),
    ),
    defer_until: fc.constantFrom(null, '2025-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
    created_at: fc
      .integer({ min: 0, max: 400 * 24 * 60 })
      .map((minutes) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString()),
    created_by: text,
  } as const)
  .map((more) => anIssue(more));

/** The same, thought of otherwise: sets of facts about the issue, stars as regular expressions. */
function model(filter: Expression, of: Issue): boolean {
  if (filter.kind === 'term') return modelTerm(filter.term, of);
  if (filter.kind === 'not') return !model(filter.of, of);
  const values = new Set(filter.all.map((each) => model(each, of)));
  return filter.kind === 'and' ? !values.has(false) : values.has(true);
}

function modelTerm(asked: Term, of: Issue): boolean {
  const any = (all: readonly Pattern[], own: readonly string[], tail = '', head = '') =>
    all.some((each) => own.some((value) => regex(each, head, tail).test(value)));
  switch (asked.kind) {
    case 'state':
      return asked.states.some((state) =>
        state === 'ready' ? isReady(of, FACTS) : of.state === state && !isReady(of, FACTS),
      );
    case 'priority':
      return asked.priorities.some((priority) => priority === of.priority);
    case 'name':
      return any(
        asked.patterns,
        [(asked.field === 'label' ? of.labels : of[asked.field]) ?? []].flat(),
      );
    case 'id': {
      const own = asked.field === 'id' ? [of.id] : of.dependencies;
      return asked.patterns.some((each) => any([each], own, each.length === 1 ? '[^]*' : ''));
    }
    case 'text': {
      const both = asked.field === 'text' ? [of.title, of.description] : [of[asked.field]];
      return any(
        asked.patterns,
        both.map((each) => each.toLowerCase()),
        '[^]*',
        '[^]*',
      );
    }
    case 'created': {
      const at = Date.parse(of.created_at);
      const side = (from: number, to: number) => (at < from ? '<' : at < to ? ':' : '>');
      return asked.spans.some(({ start, end }) => {
        const where = side(start, end);
        return (
          asked.operator === where ||
          (asked.operator.endsWith('=') && where !== other(asked.operator))
        );
      });
    }
    case 'gate':
      return asked.gates.some((each) =>
        Object.keys(of.gates).some(
          (own) => regex(each.key).test(own) && [null, of.gates[own]?.status].includes(each.status),
        ),
      );
    case 'blocker': {
      const waits = ['open', 'gated'].includes(of.state);
      return waits && blockersOf(of, FACTS).some(({ type }) => asked.types.includes(type));
    }
  }
}

function other(operator: string): string {
  return operator.startsWith('>') ? '<' : '>';
}

function regex(parts: Pattern, head = '', tail = ''): RegExp {
  const escaped = parts.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${head}${escaped.join('[^]*')}${tail}$`);
}

describe('properties of filters', () => {
  it('what is printed is read as what it was', () => {
    let cases = 0;
    fc.assert(
      fc.property(expression, (filter) => {
        cases += 1;
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
      { numRuns: RUNS },
    );
    console.log(`print → parse → print: ${cases} filters`);
  });

  it('evaluation agrees with a simple model', () => {
    let fitting = 0;
    fc.assert(
      fc.property(expression, issue, (filter, of) => {
        const fits = matches(filter, of, FACTS);
        if (fits) fitting += 1;
        expect(fits).toBe(model(filter, of));
        const shown = isReady(of, FACTS) ? 'ready' : of.state;
        // Nothing fits that was said to be impossible in its state.
        if (fits) expect(canMatch(filter, shown)).toBe(true);
      }),
      { numRuns: RUNS },
    );
    console.log(`evaluation against the model: ${RUNS} cases, ${fitting} fitting`);
  });

  it('De Morgan holds', () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 2, maxLength: 3 }), issue, (all, of) => {
        const not = all.map((each): Expression => ({ kind: 'not', of: each }));
        const value = (each: Expression) => matches(each, of, FACTS);
        expect(value({ kind: 'not', of: { kind: 'and', all } })).toBe(
          value({ kind: 'or', all: not }),
        );
        expect(value({ kind: 'not', of: { kind: 'or', all } })).toBe(
          value({ kind: 'and', all: not }),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('any text is either a filter or refused inside itself', () => {
    const piece = fc.constantFrom(
      'state:ready',
      'label:',
      '(',
      ')',
      ' AND ',
      'or ',
      'NOT ',
      '"',
      '\\',
      '🥛',
      ',',
      '*',
      'x',
      '>=',
    );
    const soup = fc.oneof(
      fc.array(piece).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(soup, (written) => {
        try {
          parseFilter(written);
        } catch (error) {
          if (!(error instanceof FilterProblem)) throw error;
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThanOrEqual(written.length);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
