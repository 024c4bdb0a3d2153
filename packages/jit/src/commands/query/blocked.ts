import { defineCommand } from '../../cli/define-command.ts';
import { renderItems } from '../../cli/render-issue.ts';
import { isReady } from '../../domain/readiness.ts';
import { listIssues, QUERY_OUTPUT, queryOptions } from './_list.ts';

export const blocked = defineCommand({
  path: 'query blocked',
  summary: 'open issues that wait, and for what',
  examples: [
    { argv: 'query blocked', does: 'each with the dependencies, gates and times it waits for' },
  ],
  options: queryOptions,
  output: QUERY_OUTPUT,
  run: (context, args) =>
    listIssues(context, args, (tx) =>
      tx.unfinished().filter((issue) => issue.state === 'open' && !isReady(issue, tx)),
    ),
  render: renderItems,
});
