import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { JitContext } from '../context.ts';
import { ISSUE_COMMANDS } from './issue/index.ts';
import { TRACKER_COMMANDS } from './tracker-commands.ts';

const BATCH: CommandIndexEntry<JitContext> = {
  path: 'batch',
  summary: 'run many commands in one process, one per line of stdin',
  group: 'Admin',
  load: async () => (await import('./batch.ts')).batchOf(COMMANDS),
};

const SCHEMA: CommandIndexEntry<JitContext> = {
  path: 'schema',
  summary: 'the JSON Schema of what commands print with --json',
  group: 'Admin',
  load: async () => (await import('./schema.ts')).schemaOfCommands(COMMANDS),
};

/** Every command, in the order of the help. A command's module is loaded when it is called. */
export const COMMANDS: readonly CommandIndexEntry<JitContext>[] = [
  ...ISSUE_COMMANDS,
  ...TRACKER_COMMANDS,
  BATCH,
  SCHEMA,
];
