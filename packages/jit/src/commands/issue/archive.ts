import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { claimOptions } from '../../cli/writer.ts';
import { archiveIssue } from '../../operations/reopen-issue.ts';
import { idArgument } from './_arguments.ts';
import { changeIssue } from './_change.ts';

export const archive = defineCommand({
  path: 'issue archive',
  summary: 'put a done or rejected issue away',
  description: 'It counts for its dependents as it did before, and stays as it is from then on.',
  examples: [{ argv: 'issue archive 7kq2', does: 'puts it away' }],
  positionals: [idArgument],
  options: claimOptions,
  output: 'IssueChange',
  exits: ['3 no such issue', '4 it is not finished', '7 the token is not current'],
  run: (context, args) =>
    changeIssue(context, args, (tx, id, writer) => archiveIssue(tx, id, writer)),
  render: (issue, style) => renderChange(issue, style, `${issue.short_id} archived`),
});
