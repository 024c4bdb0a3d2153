import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { DispatchContext } from '../context.ts';

/** The commands of jit-dispatch. */
export const commands: readonly CommandIndexEntry<DispatchContext>[] = [
  {
    path: 'start',
    summary: 'dispatch until stopped',
    group: 'Dispatch',
    load: async () => (await import('./start.ts')).start,
  },
  {
    path: 'once',
    summary: 'run one cycle and exit; agents go on',
    group: 'Dispatch',
    load: async () => (await import('./once.ts')).once,
  },
  {
    path: 'dispatch',
    summary: 'have issues worked on by your word',
    group: 'Dispatch',
    load: async () => (await import('./dispatch.ts')).dispatch,
  },
  {
    path: 'status',
    summary: 'show the dispatcher, its agents and what runs',
    group: 'Look',
    load: async () => (await import('./status.ts')).status,
  },
  {
    path: 'runs',
    summary: 'list runs and how they ended',
    group: 'Look',
    load: async () => (await import('./runs.ts')).runs,
  },
  {
    path: 'explain',
    summary: 'say why an issue is not started, and what would change that',
    group: 'Look',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    path: 'logs',
    summary: 'show what the agent of a run printed',
    group: 'Look',
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    path: 'init',
    summary: 'write a first dispatch.toml',
    group: 'Set up',
    load: async () => (await import('./init.ts')).init,
  },
  {
    path: 'check-config',
    summary: 'tell what is wrong with the configuration',
    group: 'Set up',
    load: async () => (await import('./check-config.ts')).checkConfig,
  },
  {
    path: 'doctor',
    summary: 'check everything that dispatching needs',
    group: 'Set up',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    path: 'schema',
    summary: 'the JSON Schemas of answers and of dispatch.toml',
    group: 'Set up',
    load: async () => (await import('./schema.ts')).schemaOfCommands(commands),
  },
];
