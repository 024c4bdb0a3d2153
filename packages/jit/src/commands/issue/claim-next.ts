import { PRIORITIES } from '@jit/contract/vocabulary';
import { defineCommand } from '../../cli/define-command.ts';
import { expressionOption, readFilter } from '../../cli/read-filter.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { MAX_WAIT_SECS } from '../../domain/waiting.ts';
import { nextFor, claimNext as takeNext } from '../../operations/claim-issue.ts';
import type { ReadTx } from '../../store/store.ts';
import { toClaimedIssue } from '../../views/issue.ts';
import { assigneeArgument, assigneeOf, claimingOptions, leaseOf } from './_arguments.ts';
import { renderClaim } from './_render-claim.ts';
import { takeWhenThere } from './_wait.ts';

export const claimNext = defineCommand({
  path: 'issue claim-next',
  summary: 'take the most urgent ready issue',
  description:
    'The ready order: priority, then oldest first, then id. Issues reserved for somebody else are passed over. With --wait it waits for one to become ready, whoever or whatever makes it so, and holds no lock meanwhile; of several that wait for one issue, one gets it.',
  examples: [
    {
      argv: 'issue claim-next copilot-1 --ttl 600 --json',
      does: 'takes what is due next, for ten minutes',
    },
    {
      argv: 'issue claim-next ana --label area:parser -p critical,high',
      does: 'takes the next one that fits',
    },
    {
      argv: 'issue claim-next copilot-1 --ttl 600 --wait 300',
      does: 'waits up to five minutes for work',
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
    wait: {
      type: 'number',
      integer: true,
      min: 0,
      max: MAX_WAIT_SECS,
      placeholder: 'SECS',
      describe:
        'where nothing is ready, wait up to SECS seconds (at most 86400) for it; not in batch --atomic',
    },
  },
  output: 'ClaimedIssue',
  exits: [
    '3 NOTHING_READY, with --wait when the time is over',
    '6 ASSIGNEE_FULL',
    '7 the token belonged to a claim that has ended',
    '130 interrupted while waiting; nothing was claimed',
  ],
  waits: (words) => {
    const at = words.findIndex((word) => /^--wait(=|$)/.test(word));
    return at >= 0 && words[at] !== '--wait=0' && words[at + 1] !== '0';
  },
  async run(context, args) {
    const expression = await readFilter(args.filter, ['ready']);
    const filter = { labels: args.label, priorities: args.priority, expression };
    const input = {
      assignee: assigneeOf(args.assignee),
      ttlSecs: leaseOf(context, args),
      token: args.claim ?? null,
      maxHeld: args.maxHeld ?? null,
    };
    const take = () =>
      writeTracker(context, (tx) => toClaimedIssue(tx, takeNext(tx, filter, input)));
    if (args.wait === undefined || args.wait === 0) return take();
    const isThere = (tx: ReadTx) => nextFor(tx, filter, input) !== undefined;
    return takeWhenThere(context.store, args.wait, { isThere, take });
  },
  render: (issue, style) =>
    renderClaim(issue, style, `${issue.short_id} claimed by ${issue.assignee}`),
});
