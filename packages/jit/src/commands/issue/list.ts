import { SHOWN_STATES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { candidates, filterOptions, narrow, readNarrowing } from '../../cli/filter.ts';
import {
  LIST_OUTPUT,
  readShape,
  renderList,
  shapeIssues,
  shapeOptions,
  stateOption,
} from '../../cli/list-issues.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { createdOrder } from '../../domain/order.ts';
import { shownState } from '../../domain/readiness.ts';

export const list = defineCommand({
  path: 'issue list',
  summary: 'the issues, oldest first',
  description:
    'All of them, finished ones included, unless filters narrow it; every filter must fit.',
  examples: [
    { argv: 'issue list --state open,ready', does: 'what is not begun' },
    {
      argv: 'issue list --filter "label:epic:* AND NOT assignee:*" --fields id,title',
      does: 'two columns of what an expression fits',
    },
    { argv: 'issue list --label area:parser --full --json', does: 'whole issues as a JSON array' },
  ],
  options: {
    ...stateOption,
    ...filterOptions,
    ...shapeOptions,
  },
  output: LIST_OUTPUT,
  async run(context, args) {
    const states = args.state.length === 0 ? SHOWN_STATES : args.state;
    const [narrowing, shape] = [await readNarrowing(args, states), await readShape(args)];
    return readTracker(context, (tx) => {
      const issues = candidates(tx, narrowing.expression)
        .filter((issue) => args.state.length === 0 || args.state.includes(shownState(issue, tx)))
        .sort(createdOrder);
      return shapeIssues(tx, narrow(context, tx, issues, narrowing), shape);
    });
  },
  render: renderList,
});
