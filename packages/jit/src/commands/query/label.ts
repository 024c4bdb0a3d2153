import { defineCommand } from '../../cli/define-command.ts';
import { candidates } from '../../cli/filter.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import { listIssues, queryOptions } from './_list.ts';

export const label = defineCommand({
  path: 'query label',
  summary: 'the issues with one label, finished ones included',
  examples: [{ argv: 'query label type:bug --label area:parser', does: 'those that carry both' }],
  positionals: [{ name: 'name', required: true, describe: 'a label' }],
  options: queryOptions,
  output: LIST_OUTPUT,
  run: (context, args) =>
    listIssues(context, { ...args, label: [args.name, ...args.label] }, { pick: candidates }),
  render: renderList,
});
