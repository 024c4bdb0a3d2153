import { defineCommand } from '../../cli/define-command.ts';
import { renderItems } from '../../cli/render-issue.ts';
import { listIssues, QUERY_OUTPUT, queryOptions } from './_list.ts';

export const label = defineCommand({
  path: 'query label',
  summary: 'the issues with one label, finished ones included',
  examples: [{ argv: 'query label type:bug --label area:parser', does: 'those that carry both' }],
  positionals: [{ name: 'name', required: true, describe: 'a label' }],
  options: queryOptions,
  output: QUERY_OUTPUT,
  run: (context, args) =>
    listIssues(context, { ...args, label: [args.name, ...args.label] }, (tx) => tx.all()),
  render: renderItems,
});
