import { usageError } from '@jit/contract/errors';
import type { HoldsOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { scopeOptions } from './_options.ts';
import { renderHolds } from './_render-holds.ts';

export const pause = defineCommand({
  path: 'pause',
  summary: 'Start nothing new until resume; what runs goes on',
  description:
    'It stands in the ledger: a restart does not end it. What is paused already gets the new reason and end.',
  examples: [
    { argv: 'pause --reason "release day"', does: 'pauses everything' },
    { argv: 'pause --agent claude-2 --for 3600', does: 'one agent, for an hour' },
  ],
  options: {
    ...scopeOptions,
    reason: { type: 'string', placeholder: 'TEXT', describe: 'why, for whoever looks later' },
    until: { type: 'string', placeholder: 'TIME', describe: 'it ends by itself then (RFC 3339)' },
    for: { type: 'number', min: 1, placeholder: 'SECS', describe: 'it ends by itself after SECS' },
  },
  output: 'Holds',
  exits: ['4 INVALID_REQUEST: no such agent'],
  run({ dispatcher }, { for: forSecs, ...options }): Promise<HoldsOutput> {
    if (options.until !== undefined && forSecs !== undefined)
      throw usageError('--until and --for exclude each other');
    if (options.agent !== undefined && options.repository !== undefined)
      throw usageError('--agent and --repository exclude each other');
    return dispatcher.pause({ ...options, forSecs });
  },
  render: renderHolds,
});
