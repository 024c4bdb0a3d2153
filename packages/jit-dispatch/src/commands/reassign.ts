import { defineCommand } from '../context.ts';
import { orderOptions, repositoryOption } from './_options.ts';
import { orderExit, renderOrder } from './_order-view.ts';

export const reassign = defineCommand({
  path: 'reassign',
  summary: 'Give an issue to another agent',
  description:
    'Stops the run of the issue, which is no failure of its agent, and reserves the issue for the other one, who gets it in the next cycle. An issue that is ready is reserved at once. The labels dispatch:escalated and dispatch:held are taken off, and a rest ends.',
  examples: [
    { argv: 'reassign 7kq2 claude-2', does: 'stops who works on it and gives it to claude-2' },
  ],
  positionals: [
    {
      name: 'issue',
      required: true,
      describe: 'id of the issue or of its run; a beginning will do',
    },
    { name: 'agent', required: true, describe: 'id of a configured agent' },
  ],
  options: { ...orderOptions, ...repositoryOption },
  output: 'Order',
  exits: [
    '3 INVALID_REQUEST: no such issue or run',
    '4 INVALID_REQUEST: no such agent, or the issue is finished, blocked or waits for its gates',
    '6 ALREADY_DISPATCHED: somebody else works on it',
    '10 the tracker could not be asked',
    '75 another command of this name did not end in time',
  ],
  run: ({ dispatcher }, { issue, agent, reason, wait, lockTimeout, repository }) =>
    dispatcher.reassign(issue, agent, {
      reason,
      repository,
      waitSecs: wait,
      lockTimeoutSecs: lockTimeout,
    }),
  render: renderOrder,
  exit: orderExit,
});
