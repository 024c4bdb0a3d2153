import type { Expression } from './expression.ts';
import { FilterProblem } from './expression.ts';
import { FIELDS } from './fields.ts';
import { Lexer } from './lexer.ts';

/** How deep parentheses and NOT may be nested. Long chains of AND and OR are not deep. */
export const MAX_DEPTH = 100;

const FIELD_NAMES = Object.keys(FIELDS);
const TERM = ['a field', 'NOT', '('];

/** Understands an expression. Errors: FilterProblem with the place. */
export function parseFilter(text: string): Expression {
  const lexer = new Lexer(text);
  if (lexer.isAtEnd) throw new FilterProblem(0, 'the filter is empty', TERM);
  const expression = parseOr(lexer, 0);
  if (lexer.isAtEnd) return expression;
  throw notJoined(lexer, 0);
}

function notJoined(lexer: Lexer, depth: number): FilterProblem {
  const expected = ['AND', 'OR', depth > 0 ? ')' : 'the end'];
  const closes = lexer.text[lexer.offset] === ')';
  return new FilterProblem(
    lexer.offset,
    closes ? 'this parenthesis closes nothing' : 'two conditions are not joined',
    expected,
  );
}

function parseOr(lexer: Lexer, depth: number): Expression {
  return parseChain(lexer, 'OR', () => parseChain(lexer, 'AND', () => parseNot(lexer, depth)));
}

function parseChain(lexer: Lexer, keyword: 'AND' | 'OR', next: () => Expression): Expression {
  const first = next();
  const all = [first];
  while (lexer.takeKeyword(keyword)) all.push(next());
  return all.length === 1 ? first : { kind: keyword === 'AND' ? 'and' : 'or', all };
}

function parseNot(lexer: Lexer, depth: number): Expression {
  const start = lexer.offset;
  const deeper = () => {
    if (depth >= MAX_DEPTH) {
      throw new FilterProblem(start, `the filter is nested deeper than ${MAX_DEPTH}`, ['a field']);
    }
    return depth + 1;
  };
  if (lexer.takeKeyword('NOT')) return { kind: 'not', of: parseNot(lexer, deeper()) };
  if (!lexer.takeMark('(')) return parseTerm(lexer);
  const inner = parseOr(lexer, deeper());
  if (lexer.takeMark(')')) return inner;
  if (!lexer.isAtEnd) throw notJoined(lexer, depth + 1);
  throw new FilterProblem(start, 'this parenthesis is not closed', [')']);
}

function parseTerm(lexer: Lexer): Expression {
  const offset = lexer.offset;
  const name = lexer.takeWord();
  if (name === '') {
    throw new FilterProblem(
      offset,
      lexer.isAtEnd ? 'the filter ends too early' : 'a condition is missing',
      TERM,
    );
  }
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  const isJoint = ['AND', 'OR'].includes(name.toUpperCase());
  if (field === undefined && isJoint) {
    throw new FilterProblem(offset, 'a condition is missing', TERM);
  }
  if (field === undefined) {
    throw new FilterProblem(offset, `"${name}" is no field`, FIELD_NAMES, name);
  }
  const operatorAt = lexer.offset;
  const operator = lexer.takeOperator();
  if (operator === undefined || !field.operators.includes(operator)) {
    const message = `${name} takes ${field.operators.join(' ')}`;
    throw new FilterProblem(operatorAt, message, field.operators);
  }
  const values = lexer.takeValues();
  const isOrder = operator !== ':' && operator !== '=' && operator !== '!=';
  const second = values[1];
  if (isOrder && second !== undefined) {
    throw new FilterProblem(second.offset, `${operator} takes one value`, ['a space', 'the end']);
  }
  const term = field.termOf(values, isOrder ? operator : ':');
  const expression: Expression = { kind: 'term', term };
  return operator === '!=' ? { kind: 'not', of: expression } : expression;
}
