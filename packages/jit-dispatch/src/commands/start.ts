import { setFlagsFromString } from 'node:v8';
import { JitError } from '@jit/contract/errors';
import type { DispatcherStoppedOutput } from '@jit/contract/outputs/dispatch';
import { defineCommand } from '../context.ts';
import { lockTimeout } from './_lock-timeout.ts';
import { openSites, sitesToOpen } from './_open-sites.ts';

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
  async run(context, args): Promise<DispatcherStoppedOutput> {
    // It runs for months and does little: a young generation that stays small saves a fifth of its memory.
    setFlagsFromString('--semi-space-growth-factor=1');
    const { runStart } = await import('../daemon/lifecycle/start.ts');
    const { takeInstanceLock } = await import('../daemon/lifecycle/instance-lock.ts');
    const { loaded } = context.setup;
    if (loaded instanceof JitError) throw loaded;
    context.makeFolder();
    const lock = await takeInstanceLock(context.folder, {
      command: 'start',
      since: context.now().toISOString(),
      timeoutMs: args.lockTimeout * 1000,
    });
    try {
      const sites = sitesToOpen(context);
      const summary = await runStart({
        folder: context.folder,
        open: (onEnd) =>
          openSites(context, { logFormat: args.logFormat, onEnd, isLive: true }, sites),
        reopen: (damaged, onEnd) =>
          context.openDispatcher(
            { logFormat: args.logFormat, onEnd, isLive: true },
            sites.find(({ repository }) => repository === damaged.repository),
          ),
        onInterrupt: (listener) => {
          context.interrupt = listener;
        },
      });
      return { name: context.name, ...summary };
    } finally {
      lock.release();
    }
  },
  render: ({ cycles, started, settled, failed, left }) =>
    `stopped after ${cycles} cycles: ${started} started, ${settled} settled, ${failed} failed to start, ${left} left`,
  exit: ({ left }) => (left > 0 ? 'external' : null),
});
