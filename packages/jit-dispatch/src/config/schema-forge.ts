import { z } from 'zod';
import { seconds } from './keys.ts';

const Variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of a variable');

/** A repository on a forge, and how it is reached. */
const forgeTable = (what: string, variable: string) =>
  z.object({
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, 'has to be owner/name')
      .optional()
      .describe('owner/name'),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(what),
    token_env: Variable.default(variable).describe('the variable that holds the token'),
    token_file: z.string().min(1).optional().describe('or a file that only its owner can read'),
    timeout_secs: seconds(0.1, 600).default(30).describe('limit of one request'),
  });

/** The tables of `dispatch.toml` about forges. */
export const FORGE_TABLES = {
  github: forgeTable('of the API; default: that of github.com', 'GITHUB_TOKEN').prefault({}),
  gitea: forgeTable('of the server, without /api/v1', 'GITEA_TOKEN').prefault({}),
} as const;
