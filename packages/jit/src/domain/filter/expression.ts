import type { BlockerType, GateStatus, Priority, ShownState } from '@jit/contract/vocabulary';

/** A text with wildcards: the literal parts between its stars. One part: no star, the text itself. */
export type Pattern = readonly string[];

/** The operators between a field and its values; `:` and `=` are one. */
export const OPERATORS = [':', '=', '!=', '>=', '<=', '>', '<'] as const;
export type Operator = (typeof OPERATORS)[number];

/** The operators that ask for an order. */
export type OrderOperator = '>' | '>=' | '<' | '<=';

/** The span of time that a date or time names, in milliseconds; `end` is not part of it. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** A question about one issue. Of several values, one must fit. */
export type Term =
  | { readonly kind: 'state'; readonly states: readonly ShownState[] }
  | { readonly kind: 'priority'; readonly priorities: readonly Priority[] }
  | {
      readonly kind: 'name';
      readonly field: 'label' | 'assignee' | 'created_by';
      readonly patterns: readonly Pattern[];
    }
  | { readonly kind: 'id'; readonly field: 'id' | 'dep'; readonly patterns: readonly Pattern[] }
  | {
      readonly kind: 'text';
      readonly field: 'title' | 'description' | 'text';
      readonly patterns: readonly Pattern[];
    }
  | {
      readonly kind: 'created';
      readonly operator: OrderOperator | ':';
      readonly spans: readonly TimeSpan[];
    }
  | { readonly kind: 'gate'; readonly gates: readonly GateQuestion[] }
  | { readonly kind: 'blocker'; readonly types: readonly BlockerType[] };

/** Carries a gate, in one status or in any (null). */
export interface GateQuestion {
  readonly key: Pattern;
  readonly status: GateStatus | null;
}

/** A filter: terms joined by AND, OR and NOT. */
export type Expression =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly all: readonly Expression[] };

/** Why a text is no filter, and where. */
export class FilterProblem extends Error {
  /** Offset into the text in UTF-16 code units, as JavaScript counts. */
  readonly offset: number;
  /** What could stand there. */
  readonly expected: readonly string[];
  /** The word that was not known, where a near one may be meant. */
  readonly typed: string | null;

  constructor(
    offset: number,
    message: string,
    expected: readonly string[],
    typed: string | null = null,
  ) {
    super(message);
    this.name = 'FilterProblem';
    this.offset = offset;
    this.expected = expected;
    this.typed = typed;
  }
}
