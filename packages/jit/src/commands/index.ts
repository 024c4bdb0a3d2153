import type { CommandIndexEntry } from '@jit/cli-kit/define-command';
import type { JitContext } from '../context.ts';
import { GRAPH_COMMANDS } from './graph/index.ts';
import { ISSUE_COMMANDS } from './issue/index.ts';

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

const COMPLETE: CommandIndexEntry<JitContext> = {
  path: '__complete',
  summary: 'what a shell can offer at the cursor',
  hidden: true,
  load: async () => (await import('./completion/candidates.ts')).candidatesOf(COMMANDS),
};

/** Every command, in the order of the help. A command's module is loaded when it is called. */
export const COMMANDS: readonly CommandIndexEntry<JitContext>[] = [
  ...ISSUE_COMMANDS,
  {
    path: 'query ready',
    summary: 'what can be worked on now, most urgent first',
    group: 'Work',
    aliases: ['ready'],
    load: async () => (await import('./query/ready.ts')).ready,
  },
  {
    path: 'query blocked',
    summary: 'open issues that wait, and for what',
    group: 'Work',
    aliases: ['blocked'],
    load: async () => (await import('./query/blocked.ts')).blocked,
  },
  {
    path: 'query assignee',
    summary: 'the unfinished issues of one assignee',
    group: 'Work',
    load: async () => (await import('./query/assignee.ts')).assignee,
  },
  {
    path: 'query state',
    summary: 'the issues in one state',
    group: 'Work',
    load: async () => (await import('./query/state.ts')).state,
  },
  {
    path: 'query priority',
    summary: 'the issues of one priority, finished ones included',
    group: 'Work',
    load: async () => (await import('./query/priority.ts')).priority,
  },
  {
    path: 'query label',
    summary: 'the issues with one label, finished ones included',
    group: 'Work',
    load: async () => (await import('./query/label.ts')).label,
  },
  {
    path: 'query all',
    summary: 'every issue, oldest first',
    group: 'Work',
    load: async () => (await import('./query/all.ts')).all,
  },
  {
    path: 'dep add',
    summary: 'let an issue wait for others',
    group: 'Plan',
    load: async () => (await import('./dep/add.ts')).add,
  },
  {
    path: 'dep rm',
    summary: 'end dependencies of an issue',
    group: 'Plan',
    aliases: ['dep remove'],
    load: async () => (await import('./dep/rm.ts')).rm,
  },
  {
    path: 'dep list',
    summary: 'what an issue waits for, or what waits for it',
    group: 'Plan',
    load: async () => (await import('./dep/list.ts')).list,
  },
  {
    path: 'dep tree',
    summary: 'everything an issue waits for, down to the roots',
    group: 'Plan',
    load: async () => (await import('./dep/tree.ts')).tree,
  },
  {
    path: 'rdeps',
    summary: 'what waits for an issue: dep list --dependents',
    group: 'Plan',
    load: async () => (await import('./dep/rdeps.ts')).rdeps,
  },
  ...GRAPH_COMMANDS,
  {
    path: 'gate define',
    summary: 'define a gate that issues can carry',
    group: 'Plan',
    load: async () => (await import('./gate/define.ts')).define,
  },
  {
    path: 'gate update',
    summary: 'change the definition of a gate',
    group: 'Plan',
    load: async () => (await import('./gate/update.ts')).update,
  },
  {
    path: 'gate trust',
    summary: 'let this machine run the checkers of gates',
    group: 'Plan',
    load: async () => (await import('./gate/trust.ts')).trust,
  },
  {
    path: 'gate preset list',
    summary: 'gates for common stacks',
    group: 'Plan',
    load: async () => (await import('./gate/preset-list.ts')).presetList,
  },
  {
    path: 'gate preset show',
    summary: 'the gates of a preset and what they run',
    group: 'Plan',
    load: async () => (await import('./gate/preset-show.ts')).presetShow,
  },
  {
    path: 'gate preset apply',
    summary: 'define the gates of a preset, and put them on issues',
    group: 'Plan',
    load: async () => (await import('./gate/preset-apply.ts')).presetApply,
  },
  {
    path: 'gate add',
    summary: 'put gates on an issue',
    group: 'Plan',
    load: async () => (await import('./gate/add.ts')).add,
  },
  {
    path: 'gate run',
    summary: 'run the checkers of automatic gates',
    group: 'Work',
    load: async () => (await import('./gate/run.ts')).run,
  },
  {
    path: 'gate pass',
    summary: 'say that a gate is passed',
    group: 'Work',
    load: async () => (await import('./gate/pass.ts')).pass,
  },
  {
    path: 'gate fail',
    summary: 'say that a gate is failed',
    group: 'Work',
    load: async () => (await import('./gate/fail.ts')).fail,
  },
  {
    path: 'gate report',
    summary: 'bring the result of a checker that ran on another machine',
    group: 'Work',
    load: async () => (await import('./gate/report.ts')).report,
  },
  {
    path: 'gate status',
    summary: 'how the gates of an issue stand',
    group: 'Inspect',
    load: async () => (await import('./gate/status.ts')).status,
  },
  {
    path: 'gate log',
    summary: 'what a checker printed',
    group: 'Inspect',
    load: async () => (await import('./gate/log.ts')).log,
  },
  {
    path: 'gate list',
    summary: 'the gates that are defined',
    group: 'Inspect',
    load: async () => (await import('./gate/list.ts')).list,
  },
  {
    path: 'gate show',
    summary: 'the definition of a gate and who carries it',
    group: 'Inspect',
    load: async () => (await import('./gate/show.ts')).show,
  },
  {
    path: 'gate remove',
    summary: 'remove a definition, or take a gate off one issue',
    group: 'Plan',
    load: async () => (await import('./gate/remove.ts')).remove,
  },
  {
    path: 'events tail',
    summary: 'the newest events, and with --follow those to come',
    group: 'Inspect',
    load: async () => (await import('./events/tail.ts')).tail,
  },
  {
    path: 'events query',
    summary: 'events by type, issue, actor and time, oldest first',
    group: 'Inspect',
    load: async () => (await import('./events/query.ts')).query,
  },
  {
    path: 'status',
    summary: 'how many issues there are in which state',
    group: 'Inspect',
    load: async () => (await import('./status.ts')).status,
  },
  {
    path: 'where',
    summary: 'which tracker is used, and why that one',
    group: 'Inspect',
    load: async () => (await import('./where.ts')).where,
  },
  {
    path: 'prime',
    summary: 'what an agent should know to work here, in short',
    group: 'Work',
    load: async () => (await import('./prime.ts')).prime,
  },
  {
    path: 'init',
    summary: 'make a tracker in this folder',
    group: 'Admin',
    load: async () => (await import('./init.ts')).init,
  },
  {
    path: 'git setup',
    summary: 'let git merge issues, gates and events field by field and line by line',
    group: 'Admin',
    load: async () => (await import('./git/setup.ts')).setup,
  },
  {
    path: 'merge-driver',
    summary: 'merge an issue or a gate field by field; git calls it',
    group: 'Admin',
    load: async () => (await import('./merge-driver.ts')).mergeDriver,
  },
  {
    path: 'validate',
    summary: 'check every file of the tracker',
    group: 'Admin',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    path: 'import beads',
    summary: 'take over the issues of beads (bd or br)',
    group: 'Admin',
    load: async () => (await import('./import/beads.ts')).beads,
  },
  {
    path: 'import just-in-time',
    summary: 'take over the issues and gates of just-in-time',
    group: 'Admin',
    load: async () => (await import('./import/just-in-time.ts')).justInTime,
  },
  {
    path: 'import jit',
    summary: 'take over an export of jit, or another .jit folder',
    group: 'Admin',
    load: async () => (await import('./import/jit.ts')).jit,
  },
  {
    path: 'export',
    summary: 'the whole tracker as one JSON document',
    group: 'Admin',
    load: async () => (await import('./export.ts')).exportAll,
  },
  {
    path: 'config list',
    summary: 'every setting, its value and where that comes from',
    group: 'Admin',
    load: async () => (await import('./config/list.ts')).list,
  },
  {
    path: 'config get',
    summary: 'the value of one setting',
    group: 'Admin',
    load: async () => (await import('./config/get.ts')).get,
  },
  {
    path: 'config set',
    summary: 'give a setting a value',
    group: 'Admin',
    load: async () => (await import('./config/set.ts')).set,
  },
  {
    path: 'config unset',
    summary: 'take a setting out of the file',
    group: 'Admin',
    load: async () => (await import('./config/unset.ts')).unset,
  },
  {
    path: 'completion',
    summary: 'the script that lets a shell complete commands, ids and labels',
    group: 'Admin',
    load: async () => (await import('./completion/completion.ts')).completion,
  },
  BATCH,
  SCHEMA,
  COMPLETE,
];
