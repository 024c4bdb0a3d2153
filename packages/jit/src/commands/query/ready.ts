import { defineCommand } from '../../cli/define-command.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import { readyOrder } from '../../domain/order.ts';
import { isReady } from '../../domain/readiness.ts';
import { listIssues, queryOptions } from './_list.ts';

export const ready = defineCommand({
  path: 'query ready',
  summary: 'what can be worked on now, most urgent first',
  description: 'By priority, then oldest first: the order in which claim-next takes them.',
  examples: [
    { argv: 'query ready --json', does: 'the ready issues as a JSON array' },
    { argv: 'query ready -p critical,high --limit 5', does: 'the five most urgent ones' },
    {
      argv: 'query ready --filter "priority>=high OR label:epic:auth"',
      does: 'what an expression fits; see jit help filter',
    },
  ],
  options: queryOptions,
  output: LIST_OUTPUT,
  exits: ['0 also when nothing is ready: []'],
  run: (context, args) =>
    listIssues(context, args, {
      pick: (tx) => tx.unfinished().filter((issue) => isReady(issue, tx)),
      states: ['ready'],
      order: readyOrder,
    }),
  render: renderList,
});
