import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { JitContext } from '../context.ts';

/** The commands on the tracker as a whole. */
export const TRACKER_COMMANDS: readonly CommandIndexEntry<JitContext>[] = [
  {
    path: 'query ready',
    summary: 'what can be worked on now, most urgent first',
    group: 'Work',
    aliases: ['ready'],
    load: async () => (await import('./query/ready.ts')).ready,
  },
  {
    path: 'init',
    summary: 'make a tracker in this folder',
    group: 'Admin',
    load: async () => (await import('./init.ts')).init,
  },
];
