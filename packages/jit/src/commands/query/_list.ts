import type { IssueItemOutput, IssueOutput } from '@jit/contract/outputs/issue';
import type { FilterArgs } from '../../cli/filter.ts';
import { filterOptions, narrow } from '../../cli/filter.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import type { JitContext } from '../../context.ts';
import type { Issue } from '../../domain/issue.ts';
import { createdOrder } from '../../domain/order.ts';
import type { ReadTx } from '../../store/store.ts';
import { toIssue, toIssueItem } from '../../views/issue.ts';

/** The option of every query that decides how much of an issue is shown. */
export const fullOption = {
  full: { type: 'boolean', describe: 'whole issues instead of small items' },
} as const;

/** The options of every query. */
export const queryOptions = { ...filterOptions, ...fullOption } as const;

/** The name of the schema of what every query prints. */
export const QUERY_OUTPUT = 'IssueItem[] | Issue[]';

/** Answers a query: picks issues of one snapshot, narrows and orders them. */
export function listIssues(
  context: JitContext,
  args: FilterArgs & { readonly full: boolean },
  pick: (tx: ReadTx) => readonly Issue[],
  order: (a: Issue, b: Issue) => number = createdOrder,
): IssueItemOutput[] | IssueOutput[] {
  return readTracker(context, (tx) => {
    const issues = narrow(context, pick(tx).toSorted(order), args);
    return args.full
      ? issues.map((issue) => toIssue(tx, issue))
      : issues.map((issue) => toIssueItem(tx, issue));
  });
}
