import { defineCommand } from '../../cli/define-command.ts';
import { renderItems } from '../../cli/render-issue.ts';
import { readyOrder } from '../../domain/order.ts';
import { isReady } from '../../domain/readiness.ts';
import { listIssues, QUERY_OUTPUT, queryOptions } from './_list.ts';

export const ready = defineCommand({
  path: 'query ready',
  summary: 'what can be worked on now, most urgent first',
  description: 'By priority, then oldest first: the order in which claim-next takes them.',
  examples: [
    { argv: 'query ready --json', does: 'the ready issues as a JSON array' },
    { argv: 'query ready -p critical,high --limit 5', does: 'the five most urgent ones' },
  ],
  options: queryOptions,
  output: QUERY_OUTPUT,
  exits: ['0 also when nothing is ready: []'],
  run: (context, args) =>
    listIssues(
      context,
      args,
      (tx) => tx.unfinished().filter((issue) => isReady(issue, tx)),
      readyOrder,
    ),
  render: renderItems,
});
