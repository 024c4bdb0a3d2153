import { defineCommand } from '../context.ts';
import { repositoryOption } from './_options.ts';
import { renderOrder } from './_order-view.ts';

export const retryPull = defineCommand({
  path: 'retry-pull',
  summary: 'Try again to make the pull request of a run',
  description:
    'For a pull request that was given up (`failed`), once its cause is gone. What is on the branch of the run now is pushed, without force, and a pull request is opened unless the branch has one. A running dispatcher does it at once, else the next cycle.',
  examples: [{ argv: 'retry-pull 01k9', does: 'tries again for that run' }],
  positionals: [
    { name: 'run', required: true, describe: 'id of the run; a unique beginning will do' },
  ],
  options: repositoryOption,
  output: 'Order',
  exits: [
    '3 no such run',
    '4 INVALID_REQUEST: it has no pull request, or one that is not failed; AMBIGUOUS_ID',
  ],
  run: ({ dispatcher }, { run, ...options }) => dispatcher.retryPull(run, options),
  render: renderOrder,
});
