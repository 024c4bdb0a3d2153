import { usageError } from '@jit/contract/errors';
import { FAILURE_CLASSES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { renderChange } from '../../cli/render-issue.ts';
import { ownerOptions } from '../../cli/writer.ts';
import { releaseIssue } from '../../operations/release-issue.ts';
import { idArgument } from './_arguments.ts';
import { changeIssue } from './_change.ts';

export const release = defineCommand({
  path: 'issue release',
  summary: 'give a claimed issue back',
  description:
    'It is ready again unless something blocks it by now; a gated issue stays gated. Released again, nothing changes.',
  examples: [
    { argv: 'issue release 7kq2', does: 'gives it back' },
    {
      argv: 'issue release 7kq2 "out of quota" --failed rate_limit --defer 900',
      does: 'notes why, and keeps it back for a quarter of an hour',
    },
  ],
  positionals: [idArgument, { name: 'why', describe: 'the reason, in words' }],
  options: {
    failed: { type: 'string', choices: FAILURE_CLASSES, describe: 'the work failed, in this way' },
    defer: {
      type: 'number',
      min: 0,
      placeholder: 'SECS',
      describe: 'not ready before SECS seconds from now',
    },
    ...ownerOptions,
  },
  output: 'IssueChange',
  exits: [
    '3 no such issue',
    '4 the state does not allow it',
    '6 CLAIM_HELD: somebody holds a lease on it',
    '7 the token is not current',
  ],
  run(context, args) {
    if (args.why !== undefined && args.reason !== undefined) {
      throw usageError('the reason is given twice, with --reason and as an argument');
    }
    const reason = args.reason ?? args.why;
    return changeIssue(context, { ...args, reason }, (tx, id, writer) =>
      releaseIssue(tx, id, writer, {
        reason: reason ?? null,
        failed: args.failed ?? null,
        deferSecs: args.defer ?? null,
        mustBeReady: false,
      }),
    );
  },
  render: (issue, style) => renderChange(issue, style, `${issue.short_id} released`),
});
