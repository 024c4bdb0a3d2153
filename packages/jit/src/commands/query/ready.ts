import { readyOrder } from '../../domain/order.ts';
import { isReady } from '../../domain/readiness.ts';
import { toIssueItem } from '../../views/issue.ts';
import { defineCommand } from '../define.ts';
import { renderItems } from '../issue/render.ts';
import { readTracker } from '../read-tracker.ts';
import { filterOptions, narrow } from './filter.ts';

export const ready = defineCommand({
  path: 'query ready',
  summary: 'what can be worked on now, most urgent first',
  examples: [{ argv: 'query ready --json', does: 'the ready issues as a JSON array' }],
  options: filterOptions,
  output: 'IssueItem[]',
  run: (context, args) =>
    readTracker(context, (tx) => {
      const issues = tx.unfinished().filter((issue) => isReady(issue, tx)).sort(readyOrder);
      return narrow(context, issues, args).map((issue) => toIssueItem(tx, issue));
    }),
  render: renderItems,
});
