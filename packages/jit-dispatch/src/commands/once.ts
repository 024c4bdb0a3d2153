import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { lockTimeout, repositoryOption } from './_options.ts';
import { renderCycle } from './_render-cycle.ts';

export const once = defineCommand({
  path: 'once',
  summary: 'Run one cycle and exit; agents go on, the next cycle settles them',
  examples: [
    { argv: 'once', does: 'settle what ended, start what is ready' },
    { argv: 'once --repository api', does: 'start only what is ready in this one of several' },
    {
      argv: 'once --strategy round-robin --max-issues 5 --label-filter ai-agent',
      does: 'one job of a scheduler',
    },
    { argv: 'once --dry-run', does: 'show what would be started and why the rest waits' },
  ],
  options: {
    'dry-run': { type: 'boolean', describe: 'look and plan only: nothing is written or started' },
    'max-issues': {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: 'start at most N issues',
    },
    strategy: {
      type: 'string',
      placeholder: 'NAME',
      describe:
        'choose agents so this time: best-match, round-robin, random, least-loaded, only:AGENT',
    },
    seed: { type: 'number', integer: true, min: 0, placeholder: 'N', describe: 'of random' },
    'label-filter': {
      type: 'list',
      placeholder: 'LABEL',
      describe: 'only issues with this label; of several with all of them',
    },
    ...repositoryOption,
    ...lockTimeout,
  },
  output: 'Cycle',
  exits: [
    '10 the tracker could not be asked; of several repositories one: the others were worked on',
    '75 a dispatcher of this name is running',
  ],
  run: ({ dispatcher }, { lockTimeout: lockTimeoutSecs, ...options }): Promise<CycleOutput> =>
    dispatcher.once({ ...options, lockTimeoutSecs }),
  render: renderCycle,
  exit: ({ errors }) => (errors.length > 0 ? 'external' : null),
});
