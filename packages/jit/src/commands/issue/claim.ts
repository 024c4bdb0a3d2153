import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { writerOf } from '../../cli/writer.ts';
import { claimIssue } from '../../operations/claim-issue.ts';
import { toClaimedIssue } from '../../views/issue.ts';
import {
  assigneeArgument,
  assigneeOf,
  claimingOptions,
  idArgument,
  leaseOf,
} from './_arguments.ts';
import { renderClaim } from './_render-claim.ts';

export const claim = defineCommand({
  path: 'issue claim',
  summary: 'take an issue for one assignee; exactly one of any number of callers wins',
  description:
    'Prints the claim token, which is shown this once. With --ttl the claim ends by itself unless it is renewed by heartbeats. Called again with the token that holds the issue, it prints the same claim again.',
  examples: [
    { argv: 'issue claim 7kq2 copilot-1', does: 'takes the issue, without a lease' },
    {
      argv: 'issue claim 7kq2 copilot-1 --ttl 600 --json',
      does: 'takes it for ten minutes; the token is .claim.token',
    },
  ],
  positionals: [idArgument, assigneeArgument],
  options: claimingOptions,
  output: 'ClaimedIssue',
  exits: [
    '3 no such issue',
    '4 blocked, or not open; details.blockers says why',
    '6 ALREADY_CLAIMED, RESERVED or ASSIGNEE_FULL',
    '7 the token belonged to a claim that has ended',
  ],
  run: (context, args) =>
    writeTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      const granted = claimIssue(tx, id, {
        assignee: assigneeOf(args.assignee),
        ttlSecs: leaseOf(context, args),
        token: writerOf(context, tx, id, args).token,
        maxHeld: args.maxHeld ?? null,
      });
      return toClaimedIssue(tx, granted);
    }),
  render: (issue, style) =>
    renderClaim(issue, style, `${issue.short_id} claimed by ${issue.assignee}`),
});
