import { describe, expect, it } from 'vitest';
import { anIssue } from '../issue-fixture.ts';
import type { ReadinessFacts } from '../readiness.ts';
import { FilterProblem } from './expression.ts';
import { canMatch, matches } from './matches.ts';
import { MAX_DEPTH, parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';

const FACTS: ReadinessFacts = {
  stateOf: (id) => (id.startsWith('done') ? 'done' : 'open'),
  shownOf: () => 'ready',
  gate: () => undefined,
  now: Date.UTC(2026, 10, 20),
};

const ISSUE = anIssue({
  id: '7kq2m9xw4d',
  title: 'Implement Parser',
  description: 'reads (all) tokens, one by one',
  state: 'open',
  priority: 'high',
  labels: ['epic:auth', 'type:task', 'two words'],
  dependencies: ['done11', 'open22'],
  gates: { review: { status: 'failed' }, tests: { status: 'passed' } },
  created_at: '2026-11-20T10:20:30.400Z',
  created_by: 'ana',
});

const fits = (text: string, issue = ISSUE) => matches(parseFilter(text), issue, FACTS);

function problemOf(text: string): FilterProblem {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterProblem) return error;
    throw error;
  }
  throw new Error(`"${text}" was taken`);
}

describe('a filter', () => {
  it.each([
    'state:open',
    'state=open AND priority:high',
    'state:ready,open',
    'state:unfinished',
    'state!=ready',
    'priority>=high',
    'priority > normal and priority <= critical',
    'priority:low OR label:epic:auth',
    'label:epic:*',
    'label:*th',
    'label:"two words"',
    "label:'two words'",
    'label:two\\ words',
    'label:*',
    'NOT assignee:*',
    'not (assignee:* or state:done)',
    'assignee!=ana',
    'created_by:an*',
    'id:7kq2',
    'id:7kq2*4d',
    'title:parser',
    'title:impl*ser',
    'description:"(ALL) tokens,"',
    'text:tokens AND text:implement',
    'created:2026-11-20',
    'created>=2026-11-20 AND created<2026-11-21',
    'created<=2026-11-20',
    'created>2026-11-19',
    'created:2026-11-20T10:20Z',
    'created:2026-11-20T10:20:30Z',
    'created:2026-11-20T11:20:30.4+01:00',
    'gate:review',
    'gate:review=failed',
    'gate:*=passed',
    'gate!=other',
    'blocker:dependency',
    'blocker:*',
    'blocker:deferred,gate',
    'dep:open22',
    'dep:done',
    'dep:*',
    '  (state:open)  ',
    'state : open',
    'state:done OR state:open AND priority:high',
    'NOT NOT state:open',
  ])('%s fits', (text) => {
    expect(fits(text)).toBe(true);
  });

  it.each([
    'state:ready',
    'state:finished',
    'priority<high',
    'label:epic',
    'label:two,words',
    'label:EPIC:auth',
    'label:\\*',
    'assignee:*',
    'created_by:bob',
    'id:kq2',
    'title:tokens',
    'created:2026-11-19',
    'created>2026-11-20',
    'created<2026-11-20',
    'gate:tests=failed',
    'gate:rev',
    'blocker:deferred',
    'dep:missing',
    'NOT dep:*',
    '(state:done OR state:open) AND priority:low',
  ])('%s does not fit', (text) => {
    expect(fits(text)).toBe(false);
  });

  it('binds AND closer than OR, and NOT closer than both', () => {
    expect(parseFilter('NOT label:a AND label:b OR label:c AND label:d')).toEqual(
      parseFilter('((NOT label:a) AND label:b) OR (label:c AND label:d)'),
    );
    expect(printFilter(parseFilter('NOT (label:a AND (label:b OR label:c))'))).toBe(
      'NOT (label:a AND (label:b OR label:c))',
    );
  });

  it('has no trouble with 20,000 conditions in a row', () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `label:a${at}`).join(' OR ');
    expect(fits(`${text} OR label:epic:auth`)).toBe(true);
  });

  it('tells which states it can fit', () => {
    expect(canMatch(parseFilter('label:x'), 'done')).toBe(true);
    expect(canMatch(parseFilter('state:ready AND label:x'), 'done')).toBe(false);
    expect(canMatch(parseFilter('state:ready OR label:x'), 'done')).toBe(true);
    expect(canMatch(parseFilter('NOT state:finished'), 'done')).toBe(false);
    expect(canMatch(parseFilter('NOT (state:unfinished OR label:x)'), 'open')).toBe(false);
    expect(canMatch(parseFilter('state:ready AND NOT state:ready'), 'ready')).toBe(false);
  });
});

describe('what is no filter', () => {
  it.each([
    ['', 0, 'the filter is empty'],
    ['   ', 0, 'the filter is empty'],
    ['state', 5, 'state takes : = !='],
    ['state:', 6, 'a value is missing'],
    ['state: AND label:x', 7, 'a value is missing'],
    ['state:ready,', 12, 'a value is missing'],
    ['state:,ready', 6, 'a value is missing'],
    ['state:ready AND', 15, 'the filter ends too early'],
    ['AND state:ready', 0, 'a condition is missing'],
    ['state:ready AND OR label:x', 16, 'a condition is missing'],
    ['state:ready label:x', 12, 'two conditions are not joined'],
    ['state:ready)', 11, 'this parenthesis closes nothing'],
    ['(state:ready', 0, 'this parenthesis is not closed'],
    ['(state:ready label:x)', 13, 'two conditions are not joined'],
    ['()', 1, 'a condition is missing'],
    ['label:"x', 6, 'this quote is not closed'],
    ['label:"x"y', 9, 'the value goes on after its closing quote'],
    ['label:x\\', 7, 'a backslash takes the next character as it is'],
    ['label:""', 6, 'a value is missing'],
    ['stat:ready', 0, '"stat" is no field'],
    ['state:redy', 6, '"redy" is no state'],
    ['state:re*', 6, '"re*" is no state'],
    ['state>ready', 5, 'state takes : = !='],
    ['title=x', 5, 'title takes :'],
    ['priority:hihg', 9, '"hihg" is no priority'],
    ['priority>critical', 9, 'no priority is > critical'],
    ['priority>=low,high', 14, '>= takes one value'],
    ['created:2026-02-31', 8, '"2026-02-31" is no date or time'],
    ['created:yesterday', 8, '"yesterday" is no date or time'],
    ['gate:review=broken', 5, '"broken" is no status of a gate'],
    ['gate:=failed', 5, 'the key of the gate is missing'],
    ['blocker:time', 8, '"time" is no kind of blocker'],
    ['assignee:null', 9, 'the assignee can\'t be "null"'],
    ['! state:ready', 0, 'a condition is missing'],
    ['state:ready && label:x', 12, 'two conditions are not joined'],
    ['constructor:x', 0, '"constructor" is no field'],
  ])('%j is refused at %i: %s', (text, offset, message) => {
    const problem = problemOf(text);
    expect(problem.message).toContain(message);
    expect(problem.offset).toBe(offset);
    expect(problem.expected.length).toBeGreaterThan(0);
  });

  it.each(['(', 'NOT ', 'NOT ('])('nesting %j without end is refused, not a crash', (piece) => {
    const text = (depth: number) =>
      `${piece.repeat(depth)}state:open${(piece.includes('(') ? ')' : '').repeat(depth)}`;
    expect(problemOf(text(100_000)).message).toContain(`deeper than ${MAX_DEPTH}`);
    expect(() => parseFilter(text(MAX_DEPTH / 2))).not.toThrow();
  });
});
