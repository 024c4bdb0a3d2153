import { PRIORITIES } from '@jit/contract/vocabulary';
import type { JitContext } from '../context.ts';
import type { Issue } from '../domain/issue.ts';

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
  readonly limit: number | undefined;
}

/** The issues that fit, in the order they came. */
export function narrow(
  context: JitContext,
  issues: readonly Issue[],
  args: FilterArgs,
): readonly Issue[] {
  const fitting = issues.filter(
    (issue) =>
      (args.priority.length === 0 || args.priority.includes(issue.priority)) &&
      args.label.every((label) => issue.labels.includes(label)) &&
      (args.assignee === undefined || issue.assignee === args.assignee),
  );
  const { limit } = args;
  if (limit === undefined || fitting.length <= limit) return fitting;
  context.warn(`showing ${limit} of ${fitting.length}`);
  return fitting.slice(0, limit);
}
