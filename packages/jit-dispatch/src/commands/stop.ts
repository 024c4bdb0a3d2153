import type { StopOutput } from '@jit/contract/outputs/control';
import { defineCommand } from '../context.ts';

export const stop = defineCommand({
  path: 'stop',
  summary: 'Ask the running dispatcher to stop, and wait until it has',
  description:
    'It starts nothing more and waits for its agents (drain_secs). With --now it stops them; that is no failure of theirs. Only the process that holds the lock of this name is signalled.',
  examples: [
    { argv: 'stop', does: 'waits for its agents' },
    { argv: 'stop --now', does: 'stops them too' },
  ],
  options: {
    now: { type: 'boolean', describe: 'stop its agents too' },
    timeout: {
      type: 'number',
      min: 0,
      placeholder: 'SECS',
      describe: 'wait at most SECS (default: as long as it takes); it goes on stopping',
    },
  },
  output: 'Stop',
  exits: ['3 NOT_RUNNING: no dispatcher of this name runs', '75 it has not stopped in time'],
  run: ({ dispatcher }, { now, timeout: timeoutSecs }): Promise<StopOutput> =>
    dispatcher.stop({ now, timeoutSecs }),
  render: ({ pid, stopped }) =>
    stopped ? `stopped (pid ${pid})` : `pid ${pid} still stops; --now stops its agents too`,
  exit: ({ stopped }) => (stopped ? null : 'lock_timeout'),
});
