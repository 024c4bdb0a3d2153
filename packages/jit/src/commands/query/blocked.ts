import { defineCommand } from '../../cli/define-command.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import { shownState } from '../../domain/readiness.ts';
import { listIssues, queryOptions } from './_list.ts';

export const blocked = defineCommand({
  path: 'query blocked',
  summary: 'open issues that wait, and for what',
  examples: [
    { argv: 'query blocked', does: 'each with the dependencies, gates and times it waits for' },
  ],
  options: queryOptions,
  output: LIST_OUTPUT,
  run: (context, args) =>
    listIssues(context, args, {
      pick: (tx) => tx.unfinished().filter((issue) => shownState(issue, tx) === 'open'),
      states: ['open'],
    }),
  render: renderList,
});
