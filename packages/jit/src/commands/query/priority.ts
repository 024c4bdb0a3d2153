import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { filterOptions } from '../../cli/filter.ts';
import { renderItems } from '../../cli/render-issue.ts';
import { fullOption, listIssues, QUERY_OUTPUT } from './_list.ts';

const { priority: _, ...otherFilters } = filterOptions;

export const priority = defineCommand({
  path: 'query priority',
  summary: 'the issues of one priority, finished ones included',
  examples: [{ argv: 'query priority critical', does: 'everything critical' }],
  positionals: [{ name: 'priority', required: true, choices: PRIORITIES, describe: 'a priority' }],
  options: { ...otherFilters, ...fullOption },
  output: QUERY_OUTPUT,
  exits: ['2 no such priority (with the nearest)'],
  run: (context, args) =>
    listIssues(context, { ...args, priority: [args.priority] }, (tx) => tx.all()),
  render: renderItems,
});
