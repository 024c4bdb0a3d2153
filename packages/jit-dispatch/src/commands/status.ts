import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { defineCommand } from '../context.ts';
import { gatherStatus } from '../seeing/gather-status.ts';
import { renderStatus } from '../views/render-status.ts';
import { sourceOf } from './_status-source.ts';

export const status = defineCommand({
  path: 'status',
  summary: 'Show the dispatcher, its agents, what runs and what waits',
  examples: [{ argv: 'status', does: 'who is working on what' }],
  output: 'DispatcherStatus',
  exits: ['10 the tracker could not be asked; everything else is shown all the same'],
  async run(context): Promise<DispatcherStatusOutput> {
    return gatherStatus(await sourceOf(context));
  },
  render: renderStatus,
  exit: ({ tracker }) => (tracker.ok ? null : 'external'),
});
