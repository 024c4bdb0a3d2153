import { idProblem } from '@jit/contract/ids';
import { z } from 'zod';

const WEEK_SECS = 7 * 24 * 3600;

const Name = z.string().superRefine((text, context) => {
  const problem = idProblem(text);
  if (problem !== null)
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)}: ${problem}` });
});

const Command = z
  .union([z.string().trim().min(1), z.array(z.string()).min(1)])
  .describe('a program with its arguments, as one text or as a list; started without a shell');

const seconds = (min: number, max: number) => z.number().min(min).max(max);
const count = z.int().min(1).max(10_000);

/** One `[[agents]]` table as it is written. */
export const AgentTable = z
  .object({
    id: Name.describe('the name under which the agent claims issues'),
    kind: z
      .literal('command', { error: 'only "command" is supported by this version' })
      .optional()
      .describe('how it is started; only `command` so far'),
    type: z.string().optional().describe('a free label'),
    capacity: count.optional().describe('issues at a time (default 1)'),
    max_concurrent: count.optional().describe('the same as capacity'),
    tags: z.array(z.string()).default([]).describe('what it is good at, compared with labels'),
    command: Command.optional().describe(
      '{issue_id}, {agent_id} and {run_id} are filled in per argument',
    ),
    completion: z
      .enum(['issue', 'exit'])
      .default('issue')
      .describe('`issue`: the agent finishes the issue itself; `exit`: exit code 0 finishes it'),
    issue_json: z
      .enum(['stdin', 'file', 'env'])
      .optional()
      .describe('give it the issue as JSON: on stdin, as $JIT_ISSUE_FILE or in $JIT_ISSUE_JSON'),
    env: z.record(z.string(), z.string()).default({}).describe('environment variables to set'),
    pass_env: z.array(z.string()).default([]).describe('environment variables to pass on'),
    time_limit_secs: seconds(1, WEEK_SECS).default(7200).describe('hard limit of one run'),
  })
  .meta({ id: 'AgentTable' });

/** The tracker to work for. */
const TrackerTable = z.object({
  command: Command.optional().describe('default: `jit` on PATH, else the one installed beside'),
  dir: z.string().min(1).optional().describe('the repository, where it is not found from here'),
  timeout_secs: seconds(0.1, 3600).default(30).describe('limit of one call'),
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
    strategy: z
      .literal('best-match', { error: 'only "best-match" is supported by this version' })
      .default('best-match')
      .describe('how an agent is chosen'),
    watch: z.boolean().default(true).describe('react to changes in .jit/ at once'),
    lease_secs: seconds(2, 24 * 3600)
      .default(600)
      .describe('lease of a claim, renewed after a third'),
    stop_grace_secs: seconds(0, 300).default(10).describe('from SIGTERM to SIGKILL'),
    drain_secs: seconds(0, WEEK_SECS)
      .default(75)
      .describe('how long a stop waits for running agents'),
    tracker: TrackerTable.prefault({}),
    agents: z
      .array(AgentTable, { error: ({ input }) => noAgents(input) })
      .min(1, 'there is no [[agents]] table, and at least one is needed'),
  })
  .meta({ id: 'DispatchFile' });
export type DispatchFile = z.infer<typeof DispatchFile>;

/** Keys that the design knows and this version does not: said so instead of being ignored. */
export const LATER_KEYS: readonly string[] = [
  'workspace',
  'prompt',
  'retry',
  'stall',
  'risk',
  'classification',
  'escalation',
  'qa',
  'affinity',
  'task_types',
  'strengths',
  'url',
  'token',
];
