import type { ShownState } from '@jit/contract/vocabulary';
import type { Issue } from '../issue.ts';
import type { ReadinessFacts } from '../readiness.ts';
import { blockersOf, shownState } from '../readiness.ts';
import type { Expression, Pattern, Term, TimeSpan } from './expression.ts';
import { fitsPart, fitsWhole, literalOf } from './pattern.ts';

/** Whether an issue fits. Depth is bounded by the parser. */
export function matches(expression: Expression, issue: Issue, facts: ReadinessFacts): boolean {
  switch (expression.kind) {
    case 'term':
      return fitsTerm(expression.term, issue, facts);
    case 'not':
      return !matches(expression.of, issue, facts);
    case 'and':
      return expression.all.every((part) => matches(part, issue, facts));
    case 'or':
      return expression.all.some((part) => matches(part, issue, facts));
  }
}

function fitsTerm(term: Term, issue: Issue, facts: ReadinessFacts): boolean {
  switch (term.kind) {
    case 'state':
      return term.states.includes(shownState(issue, facts));
    case 'priority':
      return term.priorities.includes(issue.priority);
    case 'name':
      return someName(term.patterns, namesOf(issue, term.field));
    case 'id':
      return someId(term.patterns, term.field === 'id' ? [issue.id] : issue.dependencies);
    case 'text':
      return textsOf(issue, term.field).some((text) =>
        term.patterns.some((pattern) => fitsPart(pattern, text.toLowerCase())),
      );
    case 'created':
      return term.spans.some((span) => fitsTime(term.operator, span, Date.parse(issue.created_at)));
    case 'gate':
      return term.gates.some(({ key, status }) =>
        Object.entries(issue.gates).some(
          ([own, gate]) => fitsWhole(key, own) && (status === null || gate.status === status),
        ),
      );
    case 'blocker':
      return (
        // What holds back is asked of issues that wait, as lists show it.
        (issue.state === 'open' || issue.state === 'gated') &&
        blockersOf(issue, facts).some(({ type }) => term.types.includes(type))
      );
  }
}

function namesOf(issue: Issue, field: 'label' | 'assignee' | 'created_by'): readonly string[] {
  if (field === 'label') return issue.labels;
  if (field === 'created_by') return [issue.created_by];
  return issue.assignee === null ? [] : [issue.assignee];
}

function textsOf(issue: Issue, field: 'title' | 'description' | 'text'): readonly string[] {
  if (field === 'title') return [issue.title];
  return field === 'description' ? [issue.description] : [issue.title, issue.description];
}

function someName(patterns: readonly Pattern[], names: readonly string[]): boolean {
  return names.some((name) => patterns.some((pattern) => fitsWhole(pattern, name)));
}

/** An id may be given by its beginning, as everywhere. */
function someId(patterns: readonly Pattern[], ids: readonly string[]): boolean {
  return ids.some((id) =>
    patterns.some((pattern) => {
      const beginning = literalOf(pattern);
      return beginning === undefined ? fitsWhole(pattern, id) : id.startsWith(beginning);
    }),
  );
}

function fitsTime(operator: string, { start, end }: TimeSpan, time: number): boolean {
  if (operator === '>') return time >= end;
  if (operator === '>=') return time >= start;
  if (operator === '<') return time < start;
  return operator === '<=' ? time < end : time >= start && time < end;
}

/** Whether some issue in this state could fit, as far as the expression alone can tell. */
export function canMatch(expression: Expression, state: ShownState): boolean {
  return possible(expression, state).includes(true);
}

const BOTH = [true, false];

/** What the expression can come to for issues in this state. */
function possible(expression: Expression, state: ShownState): readonly boolean[] {
  if (expression.kind === 'term') {
    const { term } = expression;
    return term.kind === 'state' ? [term.states.includes(state)] : BOTH;
  }
  if (expression.kind === 'not') return possible(expression.of, state).map((value) => !value);
  const parts = expression.all.map((part) => possible(part, state));
  const isAnd = expression.kind === 'and';
  // One part decides: a false one ends an AND, a true one an OR.
  const decides = !isAnd;
  const can = [];
  if (parts.some((values) => values.includes(decides))) can.push(decides);
  if (parts.every((values) => values.includes(!decides))) can.push(!decides);
  return can;
}
