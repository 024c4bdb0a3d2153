import { defineCommand } from '../../cli/define-command.ts';
import { renderItems } from '../../cli/render-issue.ts';
import { listIssues, QUERY_OUTPUT, queryOptions } from './_list.ts';

export const all = defineCommand({
  path: 'query all',
  summary: 'every issue, oldest first',
  examples: [{ argv: 'query all --full --json', does: 'the whole tracker as a JSON array' }],
  options: queryOptions,
  output: QUERY_OUTPUT,
  run: (context, args) => listIssues(context, args, (tx) => tx.all()),
  render: renderItems,
});
