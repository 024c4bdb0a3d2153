import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { expressionOption, readFilter } from '../../cli/read-filter.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { claimNext as takeNext } from '../../operations/claim-issue.ts';
import { toClaimedIssue } from '../../views/issue.ts';
import { assigneeArgument, assigneeOf, claimingOptions, leaseOf } from './_arguments.ts';
import { renderClaim } from './_render-claim.ts';

export const claimNext = defineCommand({
  path: 'issue claim-next',
  summary: 'take the most urgent ready issue',
  description:
    'The ready order: priority, then oldest first, then id. Issues reserved for somebody else are passed over.',
  examples: [
    {
      argv: 'issue claim-next copilot-1 --ttl 600 --json',
      does: 'takes what is due next, for ten minutes',
    },
    {
      argv: 'issue claim-next ana --label area:parser -p critical,high',
      does: 'takes the next one that fits',
    },
  ],
  positionals: [assigneeArgument],
  options: {
    label: { type: 'list', alias: 'l', describe: 'only with this label; repeated: all of them' },
    priority: {
      type: 'list',
      split: ',',
      alias: 'p',
      choices: PRIORITIES,
      describe: 'only of these priorities',
    },
    filter: expressionOption,
    ...claimingOptions,
  },
  output: 'ClaimedIssue',
  exits: ['3 NOTHING_READY', '6 ASSIGNEE_FULL', '7 the token belonged to a claim that has ended'],
  async run(context, args) {
    const expression = await readFilter(args.filter, ['ready']);
    return writeTracker(context, (tx) => {
      const filter = { labels: args.label, priorities: args.priority, expression };
      const granted = takeNext(tx, filter, {
        assignee: assigneeOf(args.assignee),
        ttlSecs: leaseOf(context, args),
        token: args.claim ?? null,
        maxHeld: args.maxHeld ?? null,
      });
      return toClaimedIssue(tx, granted);
    });
  },
  render: (issue, style) =>
    renderClaim(issue, style, `${issue.short_id} claimed by ${issue.assignee}`),
});
