import type { DrainedOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';
import { renderRuns } from '../views/render-runs.ts';
import { renderHolds } from './_render-holds.ts';

export const drain = defineCommand({
  path: 'drain',
  summary: 'Pause everything and wait until nothing runs',
  description:
    'As `pause`, and then waits for the runs that are under way, with their exit gates. It stays paused until resume, also when the time is over or the command is ended. Without a running dispatcher nobody settles what ends: it says so at once if something runs.',
  examples: [
    { argv: 'drain --timeout 600 --reason upgrade', does: 'before an upgrade' },
    { argv: 'resume', does: 'afterwards' },
  ],
  options: {
    reason: { type: 'string', placeholder: 'TEXT', describe: 'why, for whoever looks later' },
    timeout: {
      type: 'number',
      min: 0,
      placeholder: 'SECS',
      describe: 'wait at most SECS (default: as long as it takes)',
    },
  },
  output: 'Drained',
  exits: ['75 something still runs: the time is over, or no dispatcher is there to settle it'],
  run: ({ dispatcher }, { reason, timeout: timeoutSecs }): Promise<DrainedOutput> =>
    dispatcher.drain({ reason, timeoutSecs }),
  async render({ drained, holds, runs }, style) {
    const paused = await renderHolds({ changed: true, holds, running: runs.length }, style);
    const rest = drained ? 'drained' : `not drained:\n${await renderRuns(runs, style)}`;
    return `${paused}\n${rest}`;
  },
  exit: ({ drained }) => (drained ? null : 'lock_timeout'),
});
