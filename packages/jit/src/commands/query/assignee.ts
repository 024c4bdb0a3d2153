import { UNFINISHED_STATES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { candidates } from '../../cli/filter.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import { listIssues, queryOptions } from './_list.ts';

/** The shown states of unfinished issues. */
const UNFINISHED = ['ready', ...UNFINISHED_STATES] as const;

const { assignee: _, ...otherOptions } = queryOptions;

export const assignee = defineCommand({
  path: 'query assignee',
  summary: 'the unfinished issues of one assignee',
  examples: [
    { argv: 'query assignee copilot-1 --json', does: 'what copilot-1 works on or is to work on' },
  ],
  positionals: [{ name: 'assignee', required: true, describe: 'an agent or a person' }],
  options: {
    ...otherOptions,
    all: { type: 'boolean', describe: 'finished issues too' },
  },
  output: LIST_OUTPUT,
  run: (context, args) =>
    args.all
      ? listIssues(context, args, { pick: candidates })
      : listIssues(context, args, { pick: (tx) => tx.unfinished(), states: UNFINISHED }),
  render: renderList,
});
