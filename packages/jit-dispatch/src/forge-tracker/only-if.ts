import { JitError, usageError } from '@jit/contract/errors';
import { SHOWN_STATES, type ShownState } from '@jit/contract/vocabulary';

/** What a condition looks at. */
export interface ConditionFacts {
  readonly id: string;
  readonly state: ShownState;
  readonly labels: readonly string[];
  readonly assignee: string | null;
}

const FINISHED: readonly ShownState[] = ['done', 'rejected', 'archived'];

/**
 * Checks the conditions that dispatchers ask with: `state:`, `label:` and `assignee:`, each perhaps with NOT before
 * it, joined by AND.
 * @throws JitError CONDITION_NOT_MET (6), usage (2) for other expressions
 */
export function checkOnlyIf(expression: string | undefined, facts: ConditionFacts): void {
  if (expression === undefined) return;
  const terms = expression.trim().split(/\s+AND\s+/);
  // All are read before one decides: what can't be understood is never half true.
  const results = terms.map((term) => fits(term, facts));
  if (results.every((result) => result)) return;
  throw new JitError('conflict', 'CONDITION_NOT_MET', `${facts.id} does not fit: ${expression}`, {
    hint: 'Nothing was changed.',
    details: { issue: facts.id, condition: expression },
  });
}

function fits(term: string, { state, labels, assignee }: ConditionFacts): boolean {
  const [, not, field, value = ''] = /^(NOT\s+)?(state|label|assignee):(\S+)$/.exec(term) ?? [];
  const isSo = (): boolean => {
    if (field === 'label') return labels.includes(value);
    if (field === 'assignee') return assignee === value;
    return value.split(',').some((each) => isState(each, state));
  };
  if (field === undefined)
    throw usageError(`${JSON.stringify(term)} is not understood for issues of a forge`, {
      hint: 'conditions are state:S, label:L and assignee:A, with NOT and AND',
    });
  return isSo() === (not === undefined);
}

function isState(word: string, state: ShownState): boolean {
  if (word === 'unfinished') return !FINISHED.includes(state);
  if (!SHOWN_STATES.some((each) => each === word)) throw usageError(`${word} is no state`);
  return word === state;
}
