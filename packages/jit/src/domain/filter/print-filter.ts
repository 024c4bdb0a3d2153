import type { Expression, Pattern, Term, TimeSpan } from './expression.ts';

/** The expression as text that means the same: with all parentheses that are needed and no others. */
export function printFilter(expression: Expression): string {
  switch (expression.kind) {
    case 'term':
      return printTerm(expression.term);
    case 'not':
      return `NOT ${wrapped(expression.of)}`;
    case 'and':
      return expression.all.map(wrapped).join(' AND ');
    case 'or':
      return expression.all
        .map((part) => (part.kind === 'or' ? wrapped(part) : printFilter(part)))
        .join(' OR ');
  }
}

function wrapped(expression: Expression): string {
  const text = printFilter(expression);
  return expression.kind === 'and' || expression.kind === 'or' ? `(${text})` : text;
}

function printTerm(term: Term): string {
  switch (term.kind) {
    case 'state':
      return `state:${term.states.join(',')}`;
    case 'priority':
      return `priority:${term.priorities.join(',')}`;
    case 'name':
    case 'id':
    case 'text':
      return `${term.field}:${term.patterns.map(printPattern).join(',')}`;
    case 'created':
      return `created${term.operator}${term.spans.map(printSpan).join(',')}`;
    case 'gate':
      return `gate:${term.gates
        .map(({ key, status }) =>
          printPattern(status === null ? key : [...key.slice(0, -1), `${key.at(-1)}=${status}`]),
        )
        .join(',')}`;
    case 'blocker':
      return `blocker:${term.types.join(',')}`;
  }
}

const PLAIN = /^[^\s(),"'\\*]+$/;

function printPattern(pattern: Pattern): string {
  const text = pattern.map((part) => part.replace(/[\\*"]/g, '\\$&')).join('*');
  return pattern.every((part) => part === '' || PLAIN.test(part)) ? text : `"${text}"`;
}

const DAY_MS = 24 * 3600 * 1000;

function printSpan({ start, end }: TimeSpan): string {
  const text = new Date(start).toISOString();
  if (end - start === DAY_MS) return text.slice(0, 10);
  if (end - start === 60_000) return `${text.slice(0, 16)}Z`;
  return end - start === 1000 ? `${text.slice(0, 19)}Z` : text;
}
