import { defineCommand } from '../../cli/define-command.ts';
import { candidates } from '../../cli/filter.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import { listIssues, queryOptions } from './_list.ts';

export const all = defineCommand({
  path: 'query all',
  summary: 'every issue, oldest first',
  examples: [{ argv: 'query all --full --json', does: 'the whole tracker as a JSON array' }],
  options: queryOptions,
  output: LIST_OUTPUT,
  run: (context, args) => listIssues(context, args, { pick: candidates }),
  render: renderList,
});
