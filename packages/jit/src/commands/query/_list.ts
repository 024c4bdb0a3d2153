import type { ShownState } from '@jit/contract/vocabulary';
import type { FilterArgs } from '../../cli/filter.ts';
import { filterOptions, narrow, readNarrowing } from '../../cli/filter.ts';
import type { IssueList, ShapeArgs } from '../../cli/list-issues.ts';
import { readShape, shapeIssues, shapeOptions } from '../../cli/list-issues.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import type { JitContext } from '../../context.ts';
import type { Expression } from '../../domain/filter/expression.ts';
import type { Issue } from '../../domain/issue.ts';
import { createdOrder } from '../../domain/order.ts';
import type { ReadTx } from '../../store/store.ts';

/** The options of every query. */
export const queryOptions = { ...filterOptions, ...shapeOptions } as const;

/** What a query looks at. */
export interface Source {
  /** The issues of one snapshot; the expression says which of them can fit. */
  readonly pick: (tx: ReadTx, expression: Expression | null) => readonly Issue[];
  /** The states of these issues, where not all can be among them. */
  readonly states?: readonly ShownState[];
  readonly order?: (a: Issue, b: Issue) => number;
}

/** Answers a query: picks issues of one snapshot, narrows and orders them. */
export async function listIssues(
  context: JitContext,
  args: FilterArgs & ShapeArgs,
  { pick, states, order = createdOrder }: Source,
): Promise<IssueList> {
  const [narrowing, shape] = [await readNarrowing(args, states), await readShape(args)];
  return readTracker(context, (tx) => {
    const picked = pick(tx, narrowing.expression).toSorted(order);
    return shapeIssues(tx, narrow(context, tx, picked, narrowing), shape);
  });
}
