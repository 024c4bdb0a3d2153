import { HELD_LABEL } from '@jit/contract/vocabulary';
import { defineCommand } from '../context.ts';
import { repositoryOption } from './_asked-sites.ts';
import { giveOrder, orderOptions } from './_give-order.ts';
import { aimOf, unchanged, unfitFor } from './_order-aim.ts';
import { orderExit, renderOrder } from './_order-view.ts';

export const cancel = defineCommand({
  path: 'cancel',
  summary: 'Stop work on an issue and keep it from agents',
  description:
    'Stops the run of the issue with everything it started; that is no failure of its agent. The issue gets the label dispatch:held: no dispatcher starts it until somebody takes the label off, runs `jit-dispatch dispatch ISSUE` or reassigns it. An issue that nobody works on only gets the label.',
  examples: [
    { argv: 'cancel 7kq2', does: 'stops its agent and holds the issue back' },
    { argv: 'cancel 01k9 --reason "wrong branch" --wait 0', does: 'the same by the run' },
  ],
  positionals: [
    {
      name: 'issue',
      required: true,
      describe: 'id of the issue or of its run; a beginning will do',
    },
  ],
  options: { ...orderOptions, ...repositoryOption },
  output: 'Order',
  exits: [
    '3 INVALID_REQUEST: no such issue or run',
    '4 INVALID_REQUEST: it is finished, or waits for its gates; AMBIGUOUS_ID',
    '6 ALREADY_DISPATCHED: somebody else works on it',
    '10 the tracker could not be asked',
    '75 another command of this name did not end in time',
  ],
  async run(context, { issue: ref, reason = '', wait, lockTimeout, repository }) {
    const aim = await aimOf(context, ref, repository);
    const { site, issue, run } = aim;
    const unfit = unfitFor(aim);
    if (unfit !== null) throw unfit;
    if (run === null && issue.labels.includes(HELD_LABEL))
      return unchanged(aim, {
        kind: 'cancel',
        agent: null,
        outcome: 'already_held',
        detail: 'nobody works on it, and no dispatcher starts it, as before',
      });
    return giveOrder(
      context,
      { site, kind: 'cancel', issue: issue.id, run: run?.run ?? null, agent: null, reason },
      { waitSecs: wait, lockTimeoutMs: lockTimeout * 1000 },
    );
  },
  render: renderOrder,
  exit: orderExit,
});
