import { defineCommand } from '../context.ts';
import { orderOptions, repositoryOption } from './_options.ts';
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
  run: ({ dispatcher }, { issue, reason, wait, lockTimeout, repository }) =>
    dispatcher.cancel(issue, {
      reason,
      repository,
      waitSecs: wait,
      lockTimeoutSecs: lockTimeout,
    }),
  render: renderOrder,
  exit: orderExit,
});
