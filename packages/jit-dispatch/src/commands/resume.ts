import { usageError } from '@jit/contract/errors';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { scopeOptions } from './_options.ts';
import { renderHolds } from './_render-holds.ts';

export const resume = defineCommand({
  path: 'resume',
  summary: 'End a pause',
  description:
    'Ends what was paused with the same words: without an option the pause of everything, not those of single agents and repositories. --all ends them all.',
  examples: [
    { argv: 'resume', does: 'ends the pause of everything' },
    { argv: 'resume --agent claude-2', does: 'that of one agent' },
  ],
  options: { ...scopeOptions, all: { type: 'boolean', describe: 'every pause' } },
  output: 'Holds',
  run({ dispatcher }, options): Promise<HoldsOutput> {
    if (options.agent !== undefined && options.repository !== undefined)
      throw usageError('--agent and --repository exclude each other');
    return dispatcher.resume(options);
  },
  render: renderHolds,
});
