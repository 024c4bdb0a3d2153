import {
  BLOCKER_TYPES,
  GATE_STATUSES,
  PRIORITIES,
  type Priority,
  SHOWN_STATES,
  type ShownState,
} from '@jit/contract/vocabulary';
import { assigneeProblem } from '../assignee.ts';
import { isUnfinishedState } from '../issue.ts';
import type { GateQuestion, Operator, OrderOperator, Pattern, Term } from './expression.ts';
import { FilterProblem } from './expression.ts';
import type { WrittenValue } from './lexer.ts';
import { literalOf } from './pattern.ts';
import { spanOf } from './time-span.ts';

/** What a field of the language takes and means. */
export interface FilterField {
  readonly operators: readonly Operator[];
  /** What follows the field, for the help. */
  readonly values: string;
  /** One line for the help. */
  readonly means: string;
  /** Makes the term of values that were written. Errors: FilterProblem at the value. */
  readonly termOf: (values: readonly WrittenValue[], operator: OrderOperator | ':') => Term;
}

const EQUAL = [':', '=', '!='] as const;
const ORDERED = [...EQUAL, '>', '>=', '<', '<='] as const;

const SHORTHANDS: Readonly<Record<string, readonly ShownState[]>> = {
  unfinished: SHOWN_STATES.filter((state) => state === 'ready' || isUnfinishedState(state)),
  finished: SHOWN_STATES.filter((state) => state !== 'ready' && !isUnfinishedState(state)),
};

/** Every field of the language, in the order of the help. The list is closed. */
export const FIELDS: Readonly<Record<string, FilterField>> = {
  state: {
    operators: EQUAL,
    values: `${SHOWN_STATES.join(', ')}; unfinished, finished`,
    means: 'the shown state: ready is open without blockers, open is blocked',
    termOf: (values) => ({ kind: 'state', states: values.flatMap(statesOf) }),
  },
  priority: {
    operators: ORDERED,
    values: PRIORITIES.join(', '),
    means: 'priority>=high: high and critical',
    termOf: (values, operator) => ({
      kind: 'priority',
      priorities: values.flatMap((value) => prioritiesOf(value, operator)),
    }),
  },
  label: named('label', 'a label', 'carries it: label:epic:auth, label:epic:*, label:*'),
  assignee: named('assignee', 'a name', 'has this assignee; NOT assignee:* has none'),
  created_by: named('created_by', 'a name', 'was made by'),
  id: {
    operators: EQUAL,
    values: 'an id or its beginning',
    means: 'the id is this one, or begins so',
    termOf: (values) => ({ kind: 'id', field: 'id', patterns: patternsOf(values) }),
  },
  dep: {
    operators: EQUAL,
    values: 'an id or its beginning',
    means: 'depends directly on that issue; dep:* on any',
    termOf: (values) => ({ kind: 'id', field: 'dep', patterns: patternsOf(values) }),
  },
  title: texts('title', 'the title has it somewhere, in any case'),
  description: texts('description', 'the description has it'),
  text: texts('text', 'title or description has it'),
  created: {
    operators: ORDERED,
    values: '2026-11-20 or 2026-11-20T10:00:00Z',
    means: 'made then; a date is the whole day in UTC',
    termOf: (values, operator) => ({ kind: 'created', operator, spans: values.map(spanOf) }),
  },
  gate: {
    operators: EQUAL,
    values: `a key, or key=${GATE_STATUSES.join('|')}`,
    means: 'carries the gate: gate:review, gate:review=failed, gate:*=pending',
    termOf: (values) => ({ kind: 'gate', gates: values.map(gateOf) }),
  },
  blocker: {
    operators: EQUAL,
    values: `${BLOCKER_TYPES.join(', ')}; *`,
    means: 'is held back by such a thing',
    termOf: (values) => ({ kind: 'blocker', types: values.flatMap(blockersOf) }),
  },
};

function named(field: 'label' | 'assignee' | 'created_by', values: string, means: string) {
  return {
    operators: EQUAL,
    values: `${values}; * stands for anything`,
    means,
    termOf: (written: readonly WrittenValue[]): Term => {
      if (field === 'assignee') for (const value of written) refuseNobody(value);
      return { kind: 'name', field, patterns: patternsOf(written) };
    },
  };
}

function texts(field: 'title' | 'description' | 'text', means: string): FilterField {
  return {
    operators: [':'],
    values: 'a text',
    means,
    termOf: (written) => ({
      kind: 'text',
      field,
      patterns: written.map(({ pattern }) => pattern.map((part) => part.toLowerCase())),
    }),
  };
}

function patternsOf(values: readonly WrittenValue[]): readonly Pattern[] {
  return values.map(({ pattern }) => pattern);
}

/** Nobody can be called so: the answer would be empty for ever. */
function refuseNobody({ offset, pattern }: WrittenValue): void {
  const name = literalOf(pattern);
  const problem = name === undefined ? null : assigneeProblem(name);
  if (problem === null) return;
  throw new FilterProblem(offset, `${problem}; NOT assignee:* fits issues without one`, ['a name']);
}

function statesOf(value: WrittenValue): readonly ShownState[] {
  const word = oneOf(value, [...SHOWN_STATES, ...Object.keys(SHORTHANDS)], 'state');
  return SHORTHANDS[word] ?? SHOWN_STATES.filter((state) => state === word);
}

function prioritiesOf(value: WrittenValue, operator: OrderOperator | ':'): readonly Priority[] {
  const at = PRIORITIES.indexOf(oneOf(value, PRIORITIES, 'priority'));
  // Most urgent first: what stands before is higher.
  const fitting = PRIORITIES.filter((_, other) => {
    if (operator === ':') return other === at;
    if (operator === '>') return other < at;
    if (operator === '>=') return other <= at;
    return operator === '<' ? other > at : other >= at;
  });
  if (fitting.length > 0) return fitting;
  throw new FilterProblem(
    value.offset,
    `no priority is ${operator} ${PRIORITIES[at]}`,
    PRIORITIES.filter((_, other) => other !== at),
  );
}

function blockersOf(value: WrittenValue) {
  if (value.pattern.length === 2 && value.pattern.every((part) => part === '')) {
    return BLOCKER_TYPES;
  }
  const word = oneOf(value, BLOCKER_TYPES, 'kind of blocker');
  return BLOCKER_TYPES.filter((type) => type === word);
}

function gateOf({ offset, pattern }: WrittenValue): GateQuestion {
  const last = pattern.at(-1) ?? '';
  const split = last.indexOf('=');
  if (split < 0) return { key: pattern, status: null };
  if (split === 0 && pattern.length === 1) {
    throw new FilterProblem(offset, 'the key of the gate is missing', ['a key']);
  }
  const status = last.slice(split + 1);
  const value = { offset, pattern: [status] };
  const known = oneOf(value, GATE_STATUSES, 'status of a gate');
  return { key: [...pattern.slice(0, -1), last.slice(0, split)], status: known };
}

/** The accepted word that a value is. Errors: FilterProblem that names what is accepted. */
function oneOf<W extends string>(
  { offset, pattern }: WrittenValue,
  accepted: readonly W[],
  what: string,
): W {
  const typed = pattern.join('*');
  const word = pattern.length === 1 ? accepted.find((each) => each === typed) : undefined;
  if (word !== undefined) return word;
  throw new FilterProblem(offset, `"${typed}" is no ${what}`, accepted, typed);
}
