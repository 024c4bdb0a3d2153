import { SHOWN_STATES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { filterOptions, narrow } from '../../cli/filter.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { renderItems } from '../../cli/render-issue.ts';
import type { Issue } from '../../domain/issue.ts';
import { byCodeUnit } from '../../domain/issue.ts';
import { shownState } from '../../domain/readiness.ts';
import { toIssue, toIssueItem } from '../../views/issue.ts';

export const list = defineCommand({
  path: 'issue list',
  summary: 'the issues, oldest first',
  description:
    'All of them, finished ones included, unless filters narrow it; every filter must fit.',
  examples: [
    { argv: 'issue list --state open,ready', does: 'what is not begun' },
    { argv: 'issue list --label area:parser --full --json', does: 'whole issues as a JSON array' },
  ],
  options: {
    state: {
      type: 'list',
      split: ',',
      alias: 's',
      choices: SHOWN_STATES,
      describe: 'in one of these states; open means open and blocked',
    },
    ...filterOptions,
    full: { type: 'boolean', describe: 'whole issues instead of small items' },
  },
  output: 'IssueItem[] | Issue[]',
  run: (context, args) =>
    readTracker(context, (tx) => {
      const issues = tx
        .all()
        .filter((issue) => args.state.length === 0 || args.state.includes(shownState(issue, tx)))
        .sort(oldestFirst);
      const view = args.full ? toIssue : toIssueItem;
      return narrow(context, issues, args).map((issue) => view(tx, issue));
    }),
  render: renderItems,
});

function oldestFirst(a: Issue, b: Issue): number {
  return Date.parse(a.created_at) - Date.parse(b.created_at) || byCodeUnit(a.id, b.id);
}
