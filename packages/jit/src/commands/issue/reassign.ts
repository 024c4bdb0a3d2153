import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { ownerOptions, writerOf } from '../../cli/writer.ts';
import { reassignIssue } from '../../operations/reassign-issue.ts';
import { toClaimedIssue } from '../../views/issue.ts';
import { assigneeArgument, assigneeOf, idArgument, ttlOption } from './_arguments.ts';
import { renderClaim } from './_render-claim.ts';

export const reassign = defineCommand({
  path: 'issue reassign',
  summary: 'hand a claimed issue to another assignee',
  description:
    'A new attempt with a new token; the state stays. The lease keeps its length unless --ttl says otherwise. The old token is dead.',
  examples: [
    {
      argv: 'issue reassign 7kq2 copilot-2 --claim "$TOKEN"',
      does: 'hands it over; prints the token of the new claim',
    },
  ],
  positionals: [idArgument, assigneeArgument],
  options: { ttl: ttlOption, ...ownerOptions },
  output: 'ClaimedIssue',
  exits: [
    '3 no such issue',
    '4 nobody holds a claim on it',
    '6 CLAIM_HELD: somebody holds a lease on it',
    '7 the token is not current',
  ],
  run: (context, args) =>
    writeTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      const writer = writerOf(context, tx, id, args);
      const assignee = assigneeOf(args.assignee);
      return toClaimedIssue(tx, reassignIssue(tx, id, assignee, writer, args.ttl ?? null));
    }),
  render: (issue, style) =>
    renderClaim(issue, style, `${issue.short_id} reassigned to ${issue.assignee}`),
});
