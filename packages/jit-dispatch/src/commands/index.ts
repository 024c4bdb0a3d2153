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
    path: 'wait',
    summary: 'wait until an issue is finished',
    group: 'Dispatch',
    load: async () => (await import('./wait.ts')).wait,
  },
  {
    path: 'cancel',
    summary: 'stop work on an issue and keep it from agents',
    group: 'Order',
    load: async () => (await import('./cancel.ts')).cancel,
  },
  {
    path: 'reassign',
    summary: 'give an issue to another agent',
    group: 'Order',
    load: async () => (await import('./reassign.ts')).reassign,
  },
  {
    path: 'retry-pull',
    summary: 'try again to make the pull request of a run',
    group: 'Order',
    load: async () => (await import('./retry-pull.ts')).retryPull,
  },
  {
    path: 'pause',
    summary: 'start nothing new until resume',
    group: 'Order',
    load: async () => (await import('./pause.ts')).pause,
  },
  {
    path: 'resume',
    summary: 'end a pause',
    group: 'Order',
    load: async () => (await import('./resume.ts')).resume,
  },
  {
    path: 'drain',
    summary: 'pause everything and wait until nothing runs',
    group: 'Order',
    load: async () => (await import('./drain.ts')).drain,
  },
  {
    path: 'stop',
    summary: 'ask the running dispatcher to stop',
    group: 'Order',
    load: async () => (await import('./stop.ts')).stop,
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
    path: 'estimate',
    summary: 'show who would get an issue, and why',
    group: 'Look',
    load: async () => (await import('./estimate.ts')).estimate,
  },
  {
    path: 'agents',
    summary: 'list the agents, or how well each fits an issue',
    group: 'Look',
    load: async () => (await import('./agents.ts')).agents,
  },
  {
    path: 'logs',
    summary: 'show what the agent of a run printed',
    group: 'Look',
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    path: 'show',
    summary: 'show everything about one run',
    group: 'Look',
    load: async () => (await import('./show.ts')).show,
  },
  {
    path: 'history',
    summary: 'show what happened to an issue',
    group: 'Look',
    load: async () => (await import('./history.ts')).history,
  },
  {
    path: 'stats',
    summary: 'show runs in figures',
    group: 'Look',
    load: async () => (await import('./stats.ts')).stats,
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
