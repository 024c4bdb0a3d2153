import { usageError } from '@jit/contract/errors';
import { PRIORITIES, type ShownState } from '@jit/contract/vocabulary';
import type { JitContext } from '../context.ts';
import { assigneeProblem } from '../domain/assignee.ts';
import type { Expression } from '../domain/filter/expression.ts';
import { canMatch, matches } from '../domain/filter/matches.ts';
import type { Issue } from '../domain/issue.ts';
import type { ReadTx } from '../store/store.ts';
import { expressionOption, readFilter } from './read-filter.ts';

/** The options that narrow a list. Each given one must fit. */
export const filterOptions = {
  priority: {
    type: 'list',
    split: ',',
    alias: 'p',
    choices: PRIORITIES,
    describe: 'one of these priorities',
  },
  label: { type: 'list', alias: 'l', describe: 'carries this label; repeated: all of them' },
  assignee: { type: 'string', alias: 'a', describe: 'has this assignee' },
  filter: expressionOption,
  limit: {
    type: 'number',
    integer: true,
    min: 1,
    describe: 'at most so many; said on stderr where it cuts',
  },
} as const;

/** The parsed form of these options. */
export interface FilterArgs {
  readonly priority: readonly (typeof PRIORITIES)[number][];
  readonly label: readonly string[];
  readonly assignee: string | undefined;
  readonly filter: string | undefined;
  readonly limit: number | undefined;
}

/** What narrows a list, understood. */
export interface Narrowing extends Omit<FilterArgs, 'filter'> {
  readonly expression: Expression | null;
}

/**
 * Understands these options, before the tracker is opened.
 * @param states those of the issues that the command shows
 * @throws JitError usage
 */
export async function readNarrowing(
  args: FilterArgs,
  states?: readonly ShownState[],
): Promise<Narrowing> {
  const problem = args.assignee === undefined ? null : assigneeProblem(args.assignee);
  if (problem !== null) {
    throw usageError(problem, { hint: '--filter "NOT assignee:*" finds issues without one.' });
  }
  const { priority, label, assignee, limit } = args;
  return { priority, label, assignee, limit, expression: await readFilter(args.filter, states) };
}

const FINISHED = ['done', 'rejected', 'archived'] as const;

/** The issues that can fit: finished ones are read only where some of them can. */
export function candidates(tx: ReadTx, expression: Expression | null): readonly Issue[] {
  const unfinishedOnly =
    expression !== null && !FINISHED.some((state) => canMatch(expression, state));
  return unfinishedOnly ? tx.unfinished() : tx.all();
}

/** The issues that fit, in the order they came. */
export function narrow(
  context: JitContext,
  tx: ReadTx,
  issues: readonly Issue[],
  { priority, label, assignee, expression, limit }: Narrowing,
): readonly Issue[] {
  const fitting = issues.filter(
    (issue) =>
      (priority.length === 0 || priority.includes(issue.priority)) &&
      label.every((wanted) => issue.labels.includes(wanted)) &&
      (assignee === undefined || issue.assignee === assignee) &&
      (expression === null || matches(expression, issue, tx)),
  );
  const joined = label.find((wanted) => wanted.includes(','));
  if (fitting.length === 0 && joined !== undefined) {
    context.warn(`"${joined}" is looked for as one label: repeat --label for several`);
  }
  if (limit === undefined || fitting.length <= limit) return fitting;
  context.warn(`showing ${limit} of ${fitting.length}`);
  return fitting.slice(0, limit);
}
