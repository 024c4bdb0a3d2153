import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { ownerOptions } from '../../cli/writer.ts';
import { rejectIssue } from '../../operations/finish-issue.ts';
import { idArgument } from './_arguments.ts';
import { changeIssue } from './_change.ts';

export const reject = defineCommand({
  path: 'issue reject',
  summary: 'give an issue up for good',
  description: 'Its dependents do not wait for it any more.',
  examples: [{ argv: 'issue reject 7kq2 --reason "same as 9abc"', does: 'notes why' }],
  positionals: [idArgument],
  options: ownerOptions,
  output: 'IssueChange',
  exits: [
    '3 no such issue',
    '4 the state does not allow it',
    '6 CLAIM_HELD: somebody holds a lease on it',
    '7 the token is not current',
  ],
  run: (context, args) =>
    changeIssue(context, args, (tx, id, writer) =>
      rejectIssue(tx, id, writer, args.reason ?? null),
    ),
  render: (issue, style) => renderChange(issue, style, `${issue.short_id} rejected`),
});
