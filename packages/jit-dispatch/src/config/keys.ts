import { idProblem } from '@jit/contract/ids';
import { z } from 'zod';

export const WEEK_SECS = 7 * 24 * 3600;

/** A name as ids have it. */
export const Name = z.string().superRefine((text, context) => {
  const problem = idProblem(text);
  if (problem !== null)
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)}: ${problem}` });
});

/** A program with its arguments. */
export const Command = z
  .union([z.string().trim().min(1), z.array(z.string()).min(1)])
  .describe('a program with its arguments, as one text or as a list; started without a shell');

export const seconds = (min: number, max: number) => z.number().min(min).max(max);
export const hours = (max: number) => z.number().min(0).max(max);
export const count = z.int().min(1).max(10_000);
