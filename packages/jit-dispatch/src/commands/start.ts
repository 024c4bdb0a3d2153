import type { DispatcherStoppedOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { lockTimeout } from './_options.ts';

export const start = defineCommand({
  path: 'start',
  summary: 'Dispatch until stopped',
  description:
    'Stays in the foreground and logs to stderr. The first SIGTERM or SIGINT waits for running agents (drain_secs), the second one stops them.',
  examples: [
    { argv: 'start', does: 'dispatch with ./dispatch.toml' },
    { argv: 'start --config ops/dispatch.toml --log-format json', does: 'for a log collector' },
  ],
  options: {
    'log-format': {
      type: 'string',
      choices: ['text', 'json'],
      default: 'text',
      describe: 'how a line of the log looks',
    },
    ...lockTimeout,
  },
  output: 'DispatcherStopped',
  exits: [
    '10 runs are left that could not be settled, or whose exit gates are run after the next start',
    '75 a dispatcher of this name is running',
  ],
  async run(context, { logFormat, lockTimeout }): Promise<DispatcherStoppedOutput> {
    context.logging.logFormat = logFormat;
    const running = await context.dispatcher.start({ lockTimeoutSecs: lockTimeout });
    context.interrupt = running.interrupt;
    return running.stopped;
  },
  render: ({ cycles, started, settled, failed, left }) =>
    `stopped after ${cycles} cycles: ${started} started, ${settled} settled, ${failed} failed to start, ${left} left`,
  exit: ({ left }) => (left > 0 ? 'external' : null),
});
