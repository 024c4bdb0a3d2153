import { z } from 'zod';

/** What `jit merge-driver` prints. */
export const MergeDriverOutput = z
  .strictObject({
    path: z.string(),
    merged: z.boolean(),
    problem: z.string().nullable().describe('why it could not be merged'),
    conflicts: z.array(z.string()).describe('fields that both sides had changed'),
  })
  .meta({ id: 'MergeDriver' });
export type MergeDriverOutput = z.infer<typeof MergeDriverOutput>;

/** What `jit git setup` prints. */
export const GitSetupOutput = z
  .strictObject({
    dir: z.string(),
    repository: z.string().describe('the git folder whose configuration all worktrees share'),
    driver: z.string().describe('the command that git runs to merge issues and gates'),
    check: z.boolean(),
    changed: z.boolean(),
    steps: z.array(
      z.strictObject({
        what: z.string().describe('a key of the configuration of git, or a file'),
        value: z.string(),
        status: z
          .enum(['already so', 'set', 'missing', 'kept'])
          .describe('missing: with --check only; kept: others wrote something else there'),
      }),
    ),
  })
  .meta({ id: 'GitSetup' });
export type GitSetupOutput = z.infer<typeof GitSetupOutput>;
