import { z } from 'zod';
import { Command, count, Name, seconds, WEEK_SECS } from './keys.ts';
import { AGENT_CHOICE_KEYS, CHOOSING_KEYS } from './schema-choosing.ts';
import { FORGE_TABLES } from './schema-forge.ts';
import { KIND_KEYS } from './schema-kinds.ts';
import { HealthTable, OPERATING_TABLES } from './schema-operating.ts';
import { PULL_REQUEST_TABLE } from './schema-pull-request.ts';

/** How long one agent may be silent: no output and no heartbeat. 0 means never. */
const StallKeys = z.object({
  startup_grace_secs: seconds(0, WEEK_SECS).describe('silence at the start is not counted so long'),
  warn_secs: seconds(0, WEEK_SECS).describe('silence until it is said'),
  notify_secs: seconds(0, WEEK_SECS).describe('silence until people are told'),
  stop_secs: seconds(0, WEEK_SECS).describe('silence until the agent is stopped'),
});
const { shape: silence } = StallKeys;

/** The same for all agents that don't say otherwise. */
const StallTable = z.object({
  startup_grace_secs: silence.startup_grace_secs.default(300),
  warn_secs: silence.warn_secs.default(300),
  notify_secs: silence.notify_secs.default(600),
  stop_secs: silence.stop_secs.default(900),
});

/** One `[[agents]]` table as it is written. */
export const AgentTable = z
  .object({
    id: Name.describe('the name under which the agent claims issues'),
    ...KIND_KEYS,
    title: z
      .string()
      .regex(/^\P{Cc}{1,100}$/u, 'has to be one line of at most 100 characters')
      .optional()
      .describe('its name for people, beside the id'),
    type: z.string().optional().describe('a free label'),
    capacity: count.optional().describe('issues at a time (default 1)'),
    max_concurrent: count.optional().describe('the same as capacity'),
    tags: z.array(z.string()).default([]).describe('what it is good at, compared with labels'),
    ...AGENT_CHOICE_KEYS,
    command: Command.optional().describe(
      '{issue_id}, {agent_id} and {run_id} are filled in per argument',
    ),
    completion: z
      .enum(['issue', 'exit'])
      .optional()
      .describe('`issue`: the agent finishes the issue itself; `exit`: its good end finishes it'),
    issue_json: z
      .enum(['stdin', 'file', 'env'])
      .optional()
      .describe('give it the issue as JSON: on stdin, as $JIT_ISSUE_FILE or in $JIT_ISSUE_JSON'),
    prompt: z
      .enum(['stdin', 'file', 'env'])
      .optional()
      .describe('give it the prompt: on stdin, as $JIT_PROMPT_FILE or in $JIT_PROMPT'),
    health: HealthTable.optional().describe('how to see that it is well'),
    env: z.record(z.string(), z.string()).default({}).describe('environment variables to set'),
    pass_env: z.array(z.string()).default([]).describe('environment variables to pass on'),
    redact: z
      .array(z.string().min(1))
      .default([])
      .describe('further environment variables whose values are kept out of its output'),
    time_limit_secs: seconds(0, WEEK_SECS)
      .optional()
      .describe('hard limit of one run (default 7200; of a human none, which is 0)'),
    stall: StallKeys.partial().default({}).describe('its own limits of silence'),
    account: z
      .string()
      .min(1)
      .optional()
      .describe('agents of one account rest together (default: the id)'),
    rate_limit_exit: z
      .array(z.int().min(1).max(255))
      .default([75])
      .describe('exit codes that mean: not now, the provider asks for patience'),
    rate_limit_pattern: z
      .string()
      .min(1)
      .optional()
      .describe('regular expression; in the end of the output of a failed run it means the same'),
  })
  .meta({ id: 'AgentTable' });

/** What failed work may cost. */
const RetryTable = z.object({
  attempts_per_agent: count
    .default(3)
    .describe('failures of one agent at an issue until it is excluded'),
  lifetime: count.default(10).describe('attempts at an issue until a person has to look'),
  first_secs: seconds(0, 24 * 3600)
    .default(10)
    .describe('rest after the first failure, doubled each time'),
  max_secs: seconds(0, 24 * 3600)
    .default(300)
    .describe('the longest rest, without jitter'),
});

/** When an agent that keeps failing is given a rest. */
const BreakerTable = z.object({
  failures: count.default(5).describe('failures of one class until the agent rests'),
  window_secs: seconds(1, WEEK_SECS).default(900).describe('within this time'),
  pause_secs: seconds(1, WEEK_SECS).default(30).describe('the first rest, doubled each time'),
  max_pause_secs: seconds(1, WEEK_SECS).default(600).describe('the longest rest'),
  reset_secs: seconds(1, WEEK_SECS).default(1800).describe('success for this long forgets it all'),
});

/** What happens when a provider asks for patience. */
const RateLimitTable = z.object({
  pause_secs: seconds(1, WEEK_SECS)
    .default(60)
    .describe('rest of the account, where nobody says how long'),
  max_waits: count.default(20).describe('waits of one issue in a row until a person has to look'),
});

/** How people are asked to look. */
const EscalationTable = z.object({
  hook: Command.optional().describe('a program that is told, as JSON on stdin'),
  hook_timeout_secs: seconds(1, 3600).default(60).describe('limit of the hook'),
  no_suitable_agent: z
    .boolean()
    .default(false)
    .describe('people are also asked when no agent is suitable; else the issue waits'),
  repeat_secs: seconds(1, 52 * WEEK_SECS)
    .default(14_400)
    .describe('told again after this long'),
  repeats: z.int().min(0).max(1000).default(2).describe('told again so often'),
});

/** How work that is reported done is checked. */
const QaTable = z.object({
  gates: z.boolean().default(true).describe('run the exit gates of what an agent reports done'),
  timeout_secs: seconds(1, WEEK_SECS).default(3600).describe('limit of one run of the gates'),
  attempts_per_agent: count
    .default(2)
    .describe('failed checks of one agent at an issue until another gets it'),
});

/** The tracker to work for. */
const TrackerTable = z.object({
  kind: z
    .enum(['jit', 'github', 'gitea'])
    .default('jit')
    .describe('whose issues: those of jit, or of the repository in [github] or [gitea]'),
  command: Command.optional().describe('default: `jit` on PATH, else the one installed beside'),
  dir: z.string().min(1).optional().describe('the repository, where it is not found from here'),
  timeout_secs: seconds(0.1, 3600).default(30).describe('limit of one call'),
  agent_label: z
    .string()
    .regex(/^[^{}]*\{agent_id\}[^{}]*$/, 'has to hold {agent_id} once, and no other braces')
    .default('agent:{agent_id}')
    .describe('on a forge: the label of the agent that has an issue'),
  assign: z
    .string()
    .regex(/^(\{agent_id\}|[A-Za-z0-9._-])+$/, 'has to be a login name, or {agent_id}')
    .optional()
    .describe('on a forge: who is assigned while an agent has an issue; default: nobody'),
  accounts: z
    .array(z.string().min(1))
    .default([])
    .describe('on a forge: login names whose claims count; default: that of the token'),
});

function noAgents(written: unknown): string {
  if (written === undefined) return 'there is no [[agents]] table, and at least one is needed';
  return 'is no list of tables: head each agent with [[agents]], in two pairs of brackets';
}

/** `dispatch.toml` as it is written, with the defaults. */
export const DispatchFile = z
  .object({
    name: Name.optional().describe('name of this dispatcher; default: the host name'),
    poll_interval_secs: seconds(1, 24 * 3600)
      .default(30)
      .describe('pause between two looks'),
    max_concurrent: count.default(10).describe('runs of this dispatcher at a time'),
    ...CHOOSING_KEYS,
    watch: z.boolean().default(true).describe('react to changes in .jit/ at once'),
    lease_secs: seconds(2, 24 * 3600)
      .default(600)
      .describe('lease of a claim, renewed after a third'),
    stop_grace_secs: seconds(0, 300).default(10).describe('from SIGTERM to SIGKILL'),
    drain_secs: seconds(0, WEEK_SECS)
      .default(75)
      .describe('how long a stop waits for running agents'),
    history_days: z
      .number()
      .min(0)
      .max(3650)
      .default(14)
      .describe('folders and records of ended runs are kept so long; a line of each stays'),
    tracker: TrackerTable.prefault({}),
    stall: StallTable.prefault({}),
    retry: RetryTable.prefault({}),
    breaker: BreakerTable.prefault({}),
    rate_limit: RateLimitTable.prefault({}),
    escalation: EscalationTable.prefault({}),
    qa: QaTable.prefault({}),
    ...OPERATING_TABLES,
    ...FORGE_TABLES,
    ...PULL_REQUEST_TABLE,
    agents: z
      .array(AgentTable, { error: ({ input }) => noAgents(input) })
      .min(1, 'there is no [[agents]] table, and at least one is needed'),
  })
  .meta({ id: 'DispatchFile' });
export type DispatchFile = z.infer<typeof DispatchFile>;
