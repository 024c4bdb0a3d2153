import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { JitContext } from '../../context.ts';

/** The commands on one issue. */
export const ISSUE_COMMANDS: readonly CommandIndexEntry<JitContext>[] = [
  {
    path: 'issue create',
    summary: 'make an issue',
    group: 'Work',
    load: async () => (await import('./create.ts')).create,
  },
];
