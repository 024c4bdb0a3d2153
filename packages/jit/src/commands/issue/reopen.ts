import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { reopenIssue } from '../../operations/reopen-issue.ts';
import { idArgument } from './_arguments.ts';
import { changeIssue } from './_change.ts';

export const reopen = defineCommand({
  path: 'issue reopen',
  summary: 'open a done or rejected issue again',
  description: 'Its exit gates are to be decided anew; entry gates keep their result.',
  examples: [{ argv: 'issue reopen 7kq2 --reason "fails on Windows"', does: 'notes why' }],
  positionals: [idArgument],
  options: { ...claimOptions, reason: { type: 'text', describe: 'why' } },
  output: 'IssueChange',
  exits: ['3 no such issue', '4 it is neither done nor rejected', '7 the token is not current'],
  run: (context, args) =>
    changeIssue(context, args, (tx, id, writer) =>
      reopenIssue(tx, id, writer, args.reason ?? null),
    ),
  render: (issue, style) => renderChange(issue, style, `${issue.short_id} reopened`),
});
