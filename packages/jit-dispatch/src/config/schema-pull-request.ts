import { z } from 'zod';
import { seconds } from './keys.ts';

/** What becomes of the commits of a completed run. */
const PullRequestTable = z.object({
  on: z
    .enum(['none', 'github', 'gitea'])
    .default('none')
    .describe('where a pull request is opened once a run is completed'),
  remote: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'has to be the name of a git remote')
    .default('origin')
    .describe('the git remote that branches are pushed to: the repository of the forge'),
  base: z
    .string()
    .min(1)
    .optional()
    .describe("what it goes into; default: the forge's default branch"),
  draft: z.boolean().default(false).describe('open it as a draft'),
  title: z
    .string()
    .min(1)
    .optional()
    .describe('a Liquid template; default: the title of the issue'),
  body: z.string().min(1).optional().describe('a Liquid template; default: what the issue says'),
  push_timeout_secs: seconds(1, 3600).default(120).describe('limit of one push'),
  pass_env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, 'is no name of a variable'))
    .default([])
    .describe('environment variables that git needs to push'),
});

/** The table of `dispatch.toml` about pull requests. */
export const PULL_REQUEST_TABLE = { pull_request: PullRequestTable.prefault({}) } as const;
