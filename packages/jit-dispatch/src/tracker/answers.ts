import { IssueItemOutput } from '@jit/contract/outputs/issue';
import { z } from 'zod';
import type { TrackerCall, TrackerIssue } from './tracker.ts';

const { shape } = IssueItemOutput;

/** What we rely on. Fields that a newer tracker adds are no reason to stop. */
const Issue = z
  .looseObject({
    id: shape.id,
    title: shape.title,
    state: shape.state,
    priority: shape.priority,
    assignee: shape.assignee,
    labels: shape.labels,
    attempt: shape.attempt,
    claim: z.looseObject({}).nullable(),
    created_at: shape.created_at,
  })
  .transform((whole): TrackerIssue => {
    const { id, title, state, priority, assignee, labels, attempt, created_at } = whole;
    const isClaimed = whole.claim !== null;
    return { id, title, state, priority, assignee, labels, attempt, isClaimed, created_at, whole };
  });

/** A list of issues, as queries print it. */
export const IssueList = z.array(Issue);

/** What `jit where` prints. */
export const Where = z.looseObject({ dir: z.string().min(1) });

/** One line of `jit batch`. */
export const BatchLine = z.union([
  z.looseObject({ exit: z.literal(0), result: z.unknown() }),
  z.looseObject({
    exit: z.int().min(1),
    error: z.looseObject({
      code: z.string(),
      message: z.string(),
      retryable: z.boolean(),
    }),
  }),
]);

/** The error document every command prints. */
export const Failure = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string(), retryable: z.boolean() }),
});

const OneIssue = Issue.transform((issue) => [issue]);
const Anything = z.unknown().transform((): TrackerIssue[] => []);

/** The schema of what a call answers. */
export function answerSchema(call: TrackerCall): z.ZodType<readonly TrackerIssue[]> {
  switch (call.do) {
    case 'assigned':
      return IssueList;
    case 'show':
    case 'claim':
      return OneIssue;
    default:
      return Anything;
  }
}
