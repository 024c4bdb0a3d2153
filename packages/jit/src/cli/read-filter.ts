import { pointAt } from '@jit/cli-kit/point-at';
import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { type JitError, usageError } from '@jit/contract/errors';
import { SHOWN_STATES, type ShownState } from '@jit/contract/vocabulary';
import { type Expression, FilterProblem } from '../domain/filter/expression.ts';
import { canMatch } from '../domain/filter/matches.ts';
import { parseFilter } from '../domain/filter/parse-filter.ts';

/** The option that takes an expression of the filter language. */
export const expressionOption = {
  type: 'string',
  allowEmpty: true,
  placeholder: 'EXPR',
  describe: 'fits this expression, such as "label:epic:* AND NOT assignee:*"; see jit help filter',
} as const;

/**
 * Understands `--filter`; null where it is not given.
 * @param states those of the issues that the command looks at: a filter that fits none of them is a mistake
 * @throws JitError usage that points at the character
 */
export async function readFilter(
  text: string | undefined,
  states: readonly ShownState[] = SHOWN_STATES,
): Promise<Expression | null> {
  if (text === undefined) return null;
  const expression = await understand(text);
  if (states.some((state) => canMatch(expression, state))) return expression;
  throw usageError(`this filter fits no issue that is ${states.join(' or ')}`, {
    hint: 'Look at its conditions on state: they exclude everything this command looks at.',
    details: { expression: text, states },
  });
}

async function understand(text: string): Promise<Expression> {
  try {
    return parseFilter(text);
  } catch (error) {
    throw error instanceof FilterProblem ? await pointed(text, error) : error;
  }
}

/** The problem with the expression and a caret under the place. */
async function pointed(text: string, problem: FilterProblem): Promise<JitError> {
  const { position, lines } = await pointAt(text, problem.offset);
  const { expected, typed } = problem;
  const nearest = typed === null ? undefined : await suggest(typed, expected);
  const place = `--filter, character ${position}: ${problem.message}`;
  return usageError([place, ...lines.map((line) => `  ${line}`)].join('\n'), {
    hint: didYouMean(nearest, `expected here: ${expected.join(', ')} (see jit help filter)`),
    details: {
      position,
      expression: text,
      expected,
      ...(typed !== null && { value: typed, nearest: nearest ?? null }),
    },
  });
}
