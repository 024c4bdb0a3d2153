import { defineCommand } from '../../cli/define-command.ts';
import { filterOptions } from '../../cli/filter.ts';
import { renderItems } from '../../cli/render-issue.ts';
import { fullOption, listIssues, QUERY_OUTPUT } from './_list.ts';

const { assignee: _, ...otherFilters } = filterOptions;

export const assignee = defineCommand({
  path: 'query assignee',
  summary: 'the unfinished issues of one assignee',
  examples: [
    { argv: 'query assignee copilot-1 --json', does: 'what copilot-1 works on or is to work on' },
  ],
  positionals: [{ name: 'assignee', required: true, describe: 'an agent or a person' }],
  options: {
    ...otherFilters,
    all: { type: 'boolean', describe: 'finished issues too' },
    ...fullOption,
  },
  output: QUERY_OUTPUT,
  run: (context, args) =>
    listIssues(context, args, (tx) => (args.all ? tx.all() : tx.unfinished())),
  render: renderItems,
});
