import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { assignIssue } from '../../operations/reassign-issue.ts';
import { idArgument } from './_arguments.ts';
import { changeIssue } from './_change.ts';

export const unassign = defineCommand({
  path: 'issue unassign',
  summary: 'end the reservation of an unclaimed issue',
  examples: [{ argv: 'issue unassign 7kq2', does: 'anybody may claim it again' }],
  positionals: [idArgument],
  options: claimOptions,
  output: 'IssueChange',
  exits: ['3 no such issue', '4 it is finished', '6 ALREADY_CLAIMED', '7 the token is not current'],
  run: (context, args) =>
    changeIssue(context, args, (tx, id, writer) => assignIssue(tx, id, null, writer)),
  render: (issue, style) => renderChange(issue, style, `${issue.short_id} unassigned`),
});
