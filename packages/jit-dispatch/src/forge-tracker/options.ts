import { usageError } from '@jit/contract/errors';
import { z } from 'zod';

/** A tracker on a forge, as its program is told: one word of JSON, without a secret. */
export const ForgeTrackerOptions = z.strictObject({
  kind: z.enum(['github', 'gitea']),
  /** owner/name */
  repository: z.string().min(1),
  /** Null: the forge's own. */
  url: z.string().nullable(),
  /** Where the token stands. */
  token: z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })]),
  timeout_secs: z.number().positive(),
  /** Only issues with all of these are given out. */
  labels: z.array(z.string()),
  /** With `{agent_id}` in it. */
  agent_label: z.string().min(1),
  /** Who is assigned while an agent has an issue; null: nobody. */
  assign: z.string().min(1).nullable(),
  /** Whose comments count; none: those of the token's owner. */
  accounts: z.array(z.string()),
});
export type ForgeTrackerOptions = z.infer<typeof ForgeTrackerOptions>;

/** Reads the word. Errors: usage (2). */
export function readOptions(word: string): ForgeTrackerOptions {
  try {
    return ForgeTrackerOptions.parse(JSON.parse(word));
  } catch (error) {
    throw usageError('the first word says as JSON which repository is meant', {
      hint: 'it is in JIT_TRACKER_COMMAND',
      cause: error,
    });
  }
}
