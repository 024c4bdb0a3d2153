import { z } from 'zod';

/** Something that a shell can offer. */
export const CandidateOutput = z
  .strictObject({ value: z.string(), describe: z.string() })
  .meta({ id: 'Candidate' });
export type CandidateOutput = z.infer<typeof CandidateOutput>;

/** A script that a shell reads. */
export const CompletionScriptOutput = z
  .strictObject({ name: z.enum(['bash', 'zsh', 'fish']).describe('the shell'), script: z.string() })
  .meta({ id: 'CompletionScript' });
export type CompletionScriptOutput = z.infer<typeof CompletionScriptOutput>;
