import { z } from 'zod';
import { Command, hours, Name, seconds } from './keys.ts';

const YEAR_HOURS = 366 * 24;

/** The order of work. */
const OrderTable = z.object({
  age_step_hours: hours(YEAR_HOURS)
    .default(24)
    .describe(
      'an issue counts one step more urgent for each of these since it was created; 0: off',
    ),
  age_max_steps: z
    .int()
    .min(0)
    .max(3)
    .default(2)
    .describe('at most so many steps, never above critical'),
  steal_after_secs: seconds(0, YEAR_HOURS * 3600)
    .default(0)
    .describe('a reserved issue whose agent has had no room for so long goes to another; 0: never'),
});

/** How many issues of one kind are worked on at a time. */
const LimitTable = z.object({
  label: z.string().min(1).optional().describe('issues with this label'),
  state: z.enum(['in_progress', 'gated']).optional().describe('issues in this state'),
  max: z.int().min(0).max(10_000).describe('so many at a time, over all agents'),
});

/** When the machine has room for more. */
const AdmissionTable = z.object({
  min_free_disk_mb: z.number().min(0).default(2048).describe('nothing is started below this'),
  min_free_disk_percent: z
    .number()
    .min(0)
    .max(100)
    .default(5)
    .describe('of a small disk, this counts instead where it is less'),
  max_load_per_cpu: z
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .describe('load of the last minute per processor; 0: off'),
});

/** Programs that are called around the life of a workspace. */
const WorkspaceHooks = z.object({
  create: Command.optional().describe('after it was made; a failure removes it again'),
  before: Command.optional().describe('before each run; a failure ends the run'),
  after: Command.optional().describe('after each run'),
  remove: Command.optional().describe('before it is removed'),
  timeout_secs: seconds(0.1, 3600).default(60).describe('limit of each of them'),
});

/** Where agents work. */
const WorkspaceTable = z.object({
  kind: z
    .enum(['none', 'dir', 'worktree'])
    .default('none')
    .describe(
      'none: the folder of .jit; dir: a folder per issue; worktree: a git worktree per issue',
    ),
  root: z.string().min(1).optional().describe('the folder that holds them'),
  branch: z.string().min(1).default('jit/{issue_id}').describe('the branch of a worktree'),
  base: z.string().min(1).default('HEAD').describe('what a new branch begins at'),
  keep_failed_hours: hours(YEAR_HOURS)
    .default(72)
    .describe('kept so long after the last run of an issue that is not finished'),
  keep_rejected_hours: hours(YEAR_HOURS)
    .default(1)
    .describe('kept so long after an issue was rejected or archived'),
  hooks: WorkspaceHooks.prefault({}),
});

/** What agents are told. */
const PromptTable = z.object({
  template: z.string().min(1).optional().describe('a Liquid template; default: the built-in one'),
  budget_tokens: z
    .int()
    .min(100)
    .max(2_000_000)
    .default(8000)
    .describe('the prompt is cut to this'),
});

/** Who is told what happens. */
const NotifyTable = z.object({
  hook: Command.optional().describe('a program that gets the event as JSON on stdin'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('or an address that it is posted to'),
  events: z.array(z.string().min(1)).default([]).describe('kinds of events; none: all'),
  token_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of a variable')
    .optional()
    .describe('variable whose value is sent to the address as `Authorization: Bearer`'),
  timeout_secs: seconds(0.1, 600).default(30).describe('limit of one try'),
  attempts: z.int().min(1).max(20).default(5).describe('tries, with growing pauses'),
});

/** What is served to this machine. */
const HttpTable = z.object({
  host: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1').describe('loopback only'),
  port: z.int().min(0).max(65_535).optional().describe('without it nothing is served; 0: any'),
});

/** One of several repositories. */
const RepositoryTable = z.object({
  name: Name.describe('how it is called in status and logs'),
  kind: z
    .enum(['jit', 'github', 'gitea'])
    .default('jit')
    .describe(
      'whose issues: those of jit, or of a forge that is reached as [github] or [gitea] says',
    ),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'has to be owner/name')
    .optional()
    .describe('owner/name on the forge; default: as in its table'),
  dir: z.string().min(1).optional().describe('the folder that holds .jit'),
  command: Command.optional().describe('how jit is started for it; default: as in [tracker]'),
  weight: z.number().min(0.01).max(1000).default(1).describe('its share among equally urgent work'),
});

/** How health is asked for. */
export const HealthTable = z.object({
  command: Command.optional().describe('a program that ends with 0 while the agent is well'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('or an address that answers 2xx'),
  interval_secs: seconds(1, 24 * 3600)
    .default(60)
    .describe('pause between two checks'),
  timeout_secs: seconds(0.1, 600).default(10).describe('limit of one check'),
});

/** The tables of `dispatch.toml` about how the dispatcher is run. */
export const OPERATING_TABLES = {
  order: OrderTable.prefault({}),
  limits: z.array(LimitTable).default([]),
  admission: AdmissionTable.prefault({}),
  workspace: WorkspaceTable.prefault({}),
  prompt: PromptTable.prefault({}),
  notify: z.array(NotifyTable).default([]),
  http: HttpTable.prefault({}),
  repositories: z.array(RepositoryTable).max(100).default([]),
};
