import { z } from 'zod';
import { GATE_MODES, GATE_STAGES, GATE_STATUSES, SHOWN_STATES } from '../vocabulary.ts';

const State = z.enum([...SHOWN_STATES, 'missing', 'unreadable']);
const Time = z.iso.datetime();

/** One thing that holds an issue where it is. */
export const ReasonOutput = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('dependency'), issue: z.string(), state: State }),
    z.strictObject({
      type: z.literal('gate'),
      gate: z.string(),
      stage: z.enum(GATE_STAGES).nullable().describe('null: the gate has no definition'),
      mode: z.enum(GATE_MODES).nullable(),
      status: z.enum(GATE_STATUSES),
    }),
    z.strictObject({ type: z.literal('deferred'), until: Time }),
    z.strictObject({
      type: z.literal('claimed'),
      assignee: z.string(),
      attempt: z.int(),
      since: Time,
      expires_at: Time.nullable().describe('end of the lease; null: no lease'),
    }),
    z.strictObject({ type: z.literal('unclaimed'), reserved_for: z.string().nullable() }),
    z.strictObject({
      type: z.literal('abandoned').describe('in progress, and nobody holds a claim'),
      assignee: z.string().nullable(),
    }),
    z.strictObject({
      type: z.literal('finished'),
      at: Time.nullable().describe('null: the log does not say'),
      by: z.string().nullable(),
      reason: z.string().nullable(),
    }),
    z.strictObject({ type: z.literal('missing') }),
    z.strictObject({ type: z.literal('unreadable'), file: z.string(), problem: z.string() }),
    z.strictObject({ type: z.literal('cycle'), path: z.array(z.string()) }),
  ])
  .meta({ id: 'Reason' });
export type ReasonOutput = z.infer<typeof ReasonOutput>;

/** One issue of the chain, with everything that holds it. */
export const ExplainedIssueOutput = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    title: z.string().nullable(),
    state: State,
    via: z.string().nullable().describe('the issue that leads here; null for the one asked about'),
    depth: z.int(),
    reasons: z.array(ReasonOutput),
  })
  .meta({ id: 'ExplainedIssue' });
export type ExplainedIssueOutput = z.infer<typeof ExplainedIssueOutput>;

/** Something at the end of a chain, which can be moved now. */
export const RootCauseOutput = z
  .strictObject({
    issue: z.string(),
    reason: ReasonOutput,
    words: z.string(),
    next: z.string().describe('who has to do what: a command, a date or a file'),
  })
  .meta({ id: 'RootCause' });
export type RootCauseOutput = z.infer<typeof RootCauseOutput>;

/** Why an issue is or is not ready, and what would change that. */
export const ExplanationOutput = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    title: z.string(),
    state: z.enum(SHOWN_STATES),
    ready: z.boolean(),
    summary: z.string().describe('one sentence'),
    chain: z
      .array(ExplainedIssueOutput)
      .describe('the issue, then all it waits for, nearest first, each once'),
    roots: z.array(RootCauseOutput),
  })
  .meta({ id: 'Explanation' });
export type ExplanationOutput = z.infer<typeof ExplanationOutput>;
