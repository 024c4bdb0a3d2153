import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { assignIssue } from '../../operations/reassign-issue.ts';
import { assigneeArgument, assigneeOf, idArgument } from './_arguments.ts';
import { changeIssue } from './_change.ts';

export const assign = defineCommand({
  path: 'issue assign',
  summary: 'reserve an unclaimed issue for one assignee',
  description:
    'Only that assignee may claim it from then on. A claimed issue is handed over with reassign.',
  examples: [{ argv: 'issue assign 7kq2 ana', does: 'only ana may claim it' }],
  positionals: [idArgument, assigneeArgument],
  options: claimOptions,
  output: 'IssueChange',
  exits: ['3 no such issue', '4 it is finished', '6 ALREADY_CLAIMED', '7 the token is not current'],
  run: (context, args) =>
    changeIssue(context, args, (tx, id, writer) =>
      assignIssue(tx, id, assigneeOf(args.assignee), writer),
    ),
  render: (issue, style) =>
    renderChange(issue, style, `${issue.short_id} reserved for ${issue.assignee}`),
});
