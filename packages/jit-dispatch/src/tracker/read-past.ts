import { z } from 'zod';
import type { TrackerAnswer } from './tracker.ts';

const Releases = z.array(
  z.looseObject({
    attempt: z.int().nullish(),
    assignee: z.string().nullish(),
    reason: z.string().nullish(),
    failed: z.string().nullish(),
  }),
);

const GateStatus = z.looseObject({
  gates: z.array(
    z.looseObject({
      key: z.string(),
      stage: z.string().nullable(),
      last_run: z
        .looseObject({
          id: z.string(),
          attempt: z.int(),
          verdict: z.string(),
          end: z.string(),
          output_bytes: z.int(),
          stale: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
});

const Dependencies = z.array(z.looseObject({ depends_on: z.string(), state: z.string() }));

const GateLog = z.looseObject({ output: z.string() });

/** How claims of an issue were given back, oldest first; empty where the answer tells nothing. */
export function readReleases(answer: TrackerAnswer | undefined): z.infer<typeof Releases> {
  return read(answer, Releases) ?? [];
}

/** What an issue depends on, with the states; empty where the answer tells nothing. */
export function readDependencies(answer: TrackerAnswer | undefined): z.infer<typeof Dependencies> {
  return read(answer, Dependencies) ?? [];
}

/** The gates of an issue with their newest runs; empty where the answer tells nothing. */
export function readGates(answer: TrackerAnswer | undefined): z.infer<typeof GateStatus>['gates'] {
  return read(answer, GateStatus)?.gates ?? [];
}

/** What a checker printed; empty where the answer tells nothing. */
export function readGateLog(answer: TrackerAnswer | undefined): string {
  return read(answer, GateLog)?.output ?? '';
}

function read<T>(answer: TrackerAnswer | undefined, schema: z.ZodType<T>): T | null {
  if (answer?.is !== 'ok') return null;
  const checked = schema.safeParse(answer.result);
  return checked.success ? checked.data : null;
}
