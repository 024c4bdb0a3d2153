import { IssueItemOutput } from '@jit/contract/outputs/issue';
import { FAILURE_CLASSES } from '@jit/contract/vocabulary';
import { z } from 'zod';
import type { TrackerAnswer, TrackerCall, TrackerEvent, TrackerIssue } from './tracker.ts';

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

const Text = z.string().nullable().catch(null);
const Labels = z.object({ from: z.array(z.string()), to: z.array(z.string()) });
const Metadata = z.record(z.string(), z.unknown());
const Changes = z.looseObject({
  labels: Labels.optional(),
  metadata: z.object({ from: Metadata, to: Metadata }).optional().catch(undefined),
  defer_until: z.object({ to: z.string().nullable() }).optional().catch(undefined),
});

/** A line of the log. What another program wrote into it in its own way counts as not said. */
const Event = z
  .looseObject({
    type: z.string(),
    at: z.string(),
    actor: z.string(),
    attempt: z.int().nullable().catch(null),
    assignee: Text,
    reason: Text,
    failed: z.enum(FAILURE_CLASSES).nullable().catch(null),
    text: Text,
    changes: Changes.optional().catch(undefined),
  })
  .transform(
    ({ type, at, actor, attempt, assignee, reason, failed, text, changes }): TrackerEvent => {
      const labels = changes?.labels ?? null;
      const { metadata = null, defer_until } = changes ?? {};
      const deferred = defer_until?.to ?? null;
      const changed = { labels, metadata, deferred };
      return { type, at, actor, attempt, assignee, reason, failed, text, ...changed };
    },
  );

/** What a call answers when it was done. */
type Done = Omit<Extract<TrackerAnswer, { is: 'ok' }>, 'is'>;

const Issues = IssueList.transform((issues): Done => ({ issues }));
const OneIssue = Issue.transform((issue): Done => ({ issues: [issue] }));
const Events = z.array(Event).transform((events): Done => ({ issues: [], events }));
const Anything = z.unknown().transform((): Done => ({ issues: [] }));

/** The schema of what a call answers. */
export function answerSchema(call: TrackerCall): z.ZodType<Done> {
  switch (call.do) {
    case 'assigned':
      return Issues;
    case 'show':
    case 'claim':
      return OneIssue;
    case 'history':
    case 'log':
    case 'comments':
    case 'claims':
      return Events;
    default:
      return Anything;
  }
}
