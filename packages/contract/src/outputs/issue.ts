import { z } from 'zod';
import { GATE_MODES, GATE_STAGES, GATE_STATUSES, PRIORITIES, SHOWN_STATES } from '../vocabulary.ts';

const Time = z.iso.datetime().describe('RFC 3339, UTC');

/** A reason why an issue is not ready. */
export const BlockerOutput = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('dependency'),
      issue: z.string(),
      state: z.enum([...SHOWN_STATES, 'missing', 'unreadable']),
    }),
    z.strictObject({
      type: z.literal('gate'),
      gate: z.string(),
      status: z.enum(GATE_STATUSES),
    }),
    z.strictObject({ type: z.literal('deferred'), until: Time }),
  ])
  .meta({ id: 'Blocker' });
export type BlockerOutput = z.infer<typeof BlockerOutput>;

/** A claim as others see it: never with its token. */
export const ClaimOutput = z
  .strictObject({
    attempt: z.int(),
    since: Time,
    ttl_secs: z.number().nullable().describe('null: the claim has no lease'),
    expires_at: Time.nullable(),
  })
  .meta({ id: 'Claim' });
export type ClaimOutput = z.infer<typeof ClaimOutput>;

/** How the last claim of an issue ended. */
export const LastClaimOutput = z
  .strictObject({
    assignee: z.string(),
    attempt: z.int(),
    ended_at: Time,
    reason: z.string().describe('expired, released, done, …'),
  })
  .meta({ id: 'LastClaim' });
export type LastClaimOutput = z.infer<typeof LastClaimOutput>;

const itemShape = {
  id: z.string(),
  short_id: z.string().describe('shortest unique prefix of at least 4 characters, at this moment'),
  title: z.string(),
  state: z.enum(SHOWN_STATES),
  priority: z.enum(PRIORITIES),
  assignee: z.string().nullable(),
  labels: z.array(z.string()),
  blockers: z.array(BlockerOutput),
  attempt: z.int().describe('how often the issue was claimed'),
  claim: ClaimOutput.nullable(),
  last_claim: LastClaimOutput.nullable().describe(
    'how the last claim ended: in lists only where no write has settled it yet',
  ),
  created_at: Time,
};

/** One row of a list: small on purpose. */
export const IssueItemOutput = z.strictObject(itemShape).meta({ id: 'IssueItem' });
export type IssueItemOutput = z.infer<typeof IssueItemOutput>;

/** A gate as it stands on one issue. */
export const IssueGateOutput = z
  .strictObject({
    key: z.string(),
    title: z.string().nullable().describe('null: the gate has no definition'),
    stage: z.enum(GATE_STAGES).nullable(),
    mode: z.enum(GATE_MODES).nullable(),
    status: z.enum(GATE_STATUSES),
    by: z.string().nullable(),
    at: Time.nullable(),
    note: z.string().nullable(),
    commit: z.string().nullable(),
    run: z.string().nullable(),
  })
  .meta({ id: 'IssueGate' });
export type IssueGateOutput = z.infer<typeof IssueGateOutput>;

/** A comment on an issue, taken from the event log. */
export const CommentOutput = z
  .strictObject({ id: z.string(), at: Time, by: z.string(), text: z.string() })
  .meta({ id: 'Comment' });
export type CommentOutput = z.infer<typeof CommentOutput>;

/** The whole issue. */
export const IssueOutput = z
  .strictObject({
    ...itemShape,
    description: z.string(),
    acceptance_criteria: z.array(z.string()),
    dependencies: z.array(z.string()),
    dependents: z.array(z.string()),
    gates: z.array(IssueGateOutput),
    defer_until: Time.nullable(),
    documents: z.array(z.string()),
    links: z.record(z.string(), z.string()),
    metadata: z.record(z.string(), z.unknown()),
    conflicts: z.array(z.record(z.string(), z.unknown())),
    comments: z.array(CommentOutput),
    created_by: z.string(),
    updated_at: Time,
    updated_by: z.string(),
  })
  .meta({ id: 'Issue' });
export type IssueOutput = z.infer<typeof IssueOutput>;

/** An issue of which only the fields chosen with `--fields` are given, in that order. */
export const IssueFieldsOutput = z
  .strictObject(IssueOutput.shape)
  .partial()
  .meta({ id: 'IssueFields', description: 'with --fields: the chosen fields and no others' });

/** What a change prints: the whole issue, and whether anything was changed. */
export const IssueChangeOutput = z
  .strictObject({ ...IssueOutput.shape, changed: z.boolean() })
  .meta({ id: 'IssueChange' });
export type IssueChangeOutput = z.infer<typeof IssueChangeOutput>;

/** What a successful claim prints: the issue with the token, which is shown this once. */
export const ClaimedIssueOutput = z
  .strictObject({
    ...IssueChangeOutput.shape,
    claim: z.strictObject({ ...ClaimOutput.shape, token: z.string() }),
  })
  .meta({ id: 'ClaimedIssue' });
export type ClaimedIssueOutput = z.infer<typeof ClaimedIssueOutput>;

/** One renewed lease. */
export const HeartbeatOutput = z
  .strictObject({
    id: z.string(),
    attempt: z.int(),
    expires_at: Time,
    resumed: z.boolean().describe('the lease had ended and nobody had taken the issue'),
  })
  .meta({ id: 'Heartbeat' });
export type HeartbeatOutput = z.infer<typeof HeartbeatOutput>;

/** What `issue delete` prints. */
export const IssueDeletedOutput = z
  .strictObject({ id: z.string(), deleted: z.boolean(), detached: z.array(z.string()) })
  .meta({ id: 'IssueDeleted' });
export type IssueDeletedOutput = z.infer<typeof IssueDeletedOutput>;
