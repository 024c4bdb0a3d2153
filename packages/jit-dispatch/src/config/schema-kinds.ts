import { z } from 'zod';
import { AGENT_KINDS } from './agent-kinds.ts';
import { Command, seconds, WEEK_SECS } from './keys.ts';

const Address = z.url({ protocol: /^https?$/ });
const Variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of a variable');
const poll = seconds(0.05, 24 * 3600)
  .default(60)
  .describe('pause between two looks at how far it is');

/** An agent behind an address: `kind = "http"`. */
const HttpAgentTable = z.object({
  url: Address.describe('the work is posted there as JSON; {issue_id}, {agent_id}, {run_id} too'),
  token_env: Variable.optional().describe(
    'variable whose value is sent as `Authorization: Bearer`',
  ),
  token_file: z.string().min(1).optional().describe('or a file that only its owner can read'),
  accept: z
    .array(z.int().min(200).max(299))
    .min(1)
    .default([200, 201, 202])
    .describe('answers that mean: the work was taken'),
  callback: z.boolean().default(false).describe('it says itself when it is done, on loopback'),
  poll_url: Address.optional().describe('or it is asked there'),
  poll_secs: poll,
  cancel_url: Address.optional().describe('a DELETE there takes the work back'),
  timeout_secs: seconds(0.1, 600).default(30).describe('limit of one request'),
});

/** Who works on issues with a label: `kind = "github-label"` and `"gitea-label"`. */
const LabelTable = z.object({
  name: z.string().trim().min(1).max(50).describe('the label that tells the agent of its work'),
  poll_secs: poll,
});

/** A workflow: `kind = "github-actions"`. */
const WorkflowTable = z.object({
  file: z.string().min(1).describe('the name of its file'),
  ref: z.string().min(1).optional().describe('branch or tag; default: the default branch'),
  inputs: z
    .record(z.string(), z.string())
    .default({})
    .describe('what it is given; {issue_id}, {agent_id} and {run_id} are filled in'),
  run_input: z
    .string()
    .min(1)
    .default('run')
    .describe('the input that gets the id of the run, for its run-name'),
  poll_secs: poll,
});

/** A session: `kind = "copilot-sdk"`. */
export const SessionTable = z.object({
  module: z.string().min(1).default('@github/copilot-sdk').describe('the package, or a path'),
  model: z.string().min(1).optional().describe('default: what the SDK takes'),
  timeout_secs: seconds(0.1, WEEK_SECS).default(300).describe('limit of one session'),
  retries: z.int().min(0).max(20).default(3).describe('tries after a session that failed'),
  retry_secs: seconds(0, 3600).default(1).describe('pause before each of them'),
});

/** A person: `kind = "human"`. */
export const HumanTable = z.object({
  notify: Command.optional().describe('a program that tells them, with the work as JSON on stdin'),
  poll_secs: poll,
});

/** The keys of an `[[agents]]` table about its kind. */
export const KIND_KEYS = {
  kind: z
    .enum(AGENT_KINDS)
    .optional()
    .describe('how work is brought to it; default: command, else what type says'),
  http: HttpAgentTable.optional().describe('of kind http'),
  label: LabelTable.optional().describe('of kinds github-label and gitea-label'),
  workflow: WorkflowTable.optional().describe('of kind github-actions'),
  session: SessionTable.optional().describe('of kind copilot-sdk'),
  human: HumanTable.optional().describe('of kind human'),
} as const;
