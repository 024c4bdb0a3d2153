import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { candidates } from '../../cli/filter.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import { listIssues, queryOptions } from './_list.ts';

const { priority: _, ...otherOptions } = queryOptions;

export const priority = defineCommand({
  path: 'query priority',
  summary: 'the issues of one priority, finished ones included',
  examples: [{ argv: 'query priority critical', does: 'everything critical' }],
  positionals: [{ name: 'priority', required: true, choices: PRIORITIES, describe: 'a priority' }],
  options: otherOptions,
  output: LIST_OUTPUT,
  exits: ['2 no such priority (with the nearest)'],
  run: (context, args) =>
    listIssues(context, { ...args, priority: [args.priority] }, { pick: candidates }),
  render: renderList,
});
