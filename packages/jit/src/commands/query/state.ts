import { SHOWN_STATES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { LIST_OUTPUT, renderList } from '../../cli/list-issues.ts';
import type { Issue } from '../../domain/issue.ts';
import { shownState } from '../../domain/readiness.ts';
import type { ReadTx } from '../../store/store.ts';
import { listIssues, queryOptions } from './_list.ts';

export const state = defineCommand({
  path: 'query state',
  summary: 'the issues in one state',
  description: 'ready: open without blockers. open: open and blocked.',
  examples: [{ argv: 'query state in_progress', does: 'what is being worked on' }],
  positionals: [{ name: 'state', required: true, choices: SHOWN_STATES, describe: 'a state' }],
  options: queryOptions,
  output: LIST_OUTPUT,
  exits: ['2 no such state (with the nearest)'],
  run: (context, args) =>
    listIssues(context, args, {
      pick: (tx) =>
        candidates(tx, args.state).filter((issue) => shownState(issue, tx) === args.state),
      states: [args.state],
    }),
  render: renderList,
});

function candidates(tx: ReadTx, wanted: (typeof SHOWN_STATES)[number]): readonly Issue[] {
  const finished = wanted === 'done' || wanted === 'rejected' || wanted === 'archived';
  return finished ? tx.all() : tx.unfinished();
}
