import { z } from 'zod';

/** What every command prints with `--json` when it fails. */
export const ErrorOutput = z
  .strictObject({
    error: z.strictObject({
      code: z.string().describe('stable word for machines'),
      message: z.string(),
      hint: z.string().nullable().describe('one safe next step, or null'),
      retryable: z.boolean().describe('whether the same call may succeed if repeated unchanged'),
      details: z.record(z.string(), z.unknown()),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorOutput = z.infer<typeof ErrorOutput>;
