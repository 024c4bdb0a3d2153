import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import { defineCommand } from '../context.ts';
import { repositoryOption } from './_options.ts';
import { renderExplanation } from './_render-explanation.ts';

export const explain = defineCommand({
  path: 'explain',
  summary: 'Say why an issue is or is not started, and what would change that',
  description:
    'Makes the plan that the next cycle would make, from the same facts, and shows what it says of this issue: why it waits, how every agent stands to it, its place in the order, what was tried, and what the last real cycle decided. Changes nothing.',
  examples: [
    { argv: 'explain 7kq2', does: 'the reason in words, with what would change it' },
    { argv: 'explain 7kq2 --json', does: 'all of it as data' },
  ],
  positionals: [{ name: 'issue', required: true, describe: 'id, or a unique beginning' }],
  options: {
    ...repositoryOption,
    'max-issues': {
      type: 'number',
      integer: true,
      min: 0,
      placeholder: 'N',
      describe: 'as `once --max-issues N` would decide',
    },
  },
  output: 'DispatchExplanation',
  exits: [
    '3 INVALID_REQUEST: no such issue',
    '4 INVALID_REQUEST: the beginning fits several issues',
    '10 the tracker could not be asked',
  ],
  run: ({ dispatcher }, { issue, ...options }): Promise<DispatchExplanationOutput> =>
    dispatcher.explain(issue, options),
  render: renderExplanation,
});
