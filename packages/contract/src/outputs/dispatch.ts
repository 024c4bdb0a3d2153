import { z } from 'zod';
import { FAILURE_CLASSES, PRIORITIES, RUN_STATES } from '../vocabulary.ts';
import { DecisionRecordOutput } from './decision-record.ts';

const Time = z.iso.datetime();

const Repository = z
  .string()
  .nullable()
  .describe('its name in [[repositories]]; null for a dispatcher of one repository');

/** What became of the commits of a completed run. */
export const PullRequestOutput = z
  .strictObject({
    state: z
      .enum([
        'queued',
        'pushing',
        'pushed',
        'opening',
        'opened',
        'linked',
        'nothing_to_merge',
        'closed',
        'failed',
      ])
      .describe(
        'opened: at the forge, and the tracker is still to be told; linked: both; closed: by a person, without a merge; failed: given up',
      ),
    number: z.int().nullable(),
    url: z.string().nullable(),
    error: z.string().nullable().describe('what went wrong last, or why there is none'),
    next_try_at: Time.nullable().describe('it failed, and is tried again then'),
  })
  .meta({ id: 'PullRequest' });
export type PullRequestOutput = z.infer<typeof PullRequestOutput>;

/** One run: one try of one agent at one issue. */
export const RunOutput = z
  .strictObject({
    run: z.string(),
    repository: Repository,
    issue: z.string(),
    title: z.string(),
    agent: z.string(),
    state: z.enum(RUN_STATES),
    attempt: z.int().nullable().describe('attempt number of the claim; null before the claim'),
    reason: z.string().nullable().describe('a stable word for why it ended as it did'),
    detail: z.string().nullable().describe('the same in words'),
    failed: z.enum(FAILURE_CLASSES).nullable().describe('the class of its failure'),
    exit_code: z.int().nullable(),
    signal: z.string().nullable(),
    pid: z.int().nullable(),
    log: z.string().nullable().describe('the first file of its output'),
    stall: z
      .enum(['warned', 'notified', 'stopped'])
      .nullable()
      .describe('how far the silence of a live agent has got'),
    silent_since: Time.nullable().describe('its last sign of life; null without a stall'),
    pull_request: PullRequestOutput.nullable().describe('null: it has none, and gets none'),
    created_at: Time,
    started_at: Time.nullable(),
    ended_at: Time.nullable(),
  })
  .meta({ id: 'Run' });
export type RunOutput = z.infer<typeof RunOutput>;

/** What an agent printed, or with `--follow` a piece of it. */
export const RunLogOutput = z
  .strictObject({
    run: z.string(),
    state: z.enum(RUN_STATES),
    path: z.string().describe('the first file; those that follow are numbered'),
    text: z.string().nullable().describe('null with --path'),
    truncated: z.boolean().describe('something of it is not in this text'),
    left_out: z.int().describe('bytes that the cap on output cost'),
  })
  .meta({ id: 'RunLog' });
export type RunLogOutput = z.infer<typeof RunLogOutput>;

/** What was decided about one ready issue, and why. */
export const DecisionOutput = z
  .strictObject({
    repository: Repository,
    issue: z.string(),
    title: z.string(),
    priority: z.enum(PRIORITIES),
    effective_priority: z.enum(PRIORITIES).describe('raised by age; what the order goes by'),
    action: z.enum(['start', 'wait', 'escalate']),
    agent: z.string().nullable(),
    stolen_from: z
      .string()
      .nullable()
      .describe('the agent it was reserved for, which had no room for too long'),
    reason: z.string().describe('a stable word, e.g. chosen, agents_full, reserved'),
    detail: z.string(),
    record: DecisionRecordOutput.nullable().describe(
      'what it was made from; null: it waits or is escalated, and nobody asked',
    ),
  })
  .meta({ id: 'Decision' });
export type DecisionOutput = z.infer<typeof DecisionOutput>;

/** What one cycle saw, decided and did. */
export const CycleOutput = z
  .strictObject({
    dry_run: z.boolean(),
    ready: z.int(),
    decisions: z.array(DecisionOutput),
    started: z.array(RunOutput),
    checking: z
      .array(RunOutput)
      .describe('runs whose agent has ended and whose exit gates are being run'),
    settled: z.array(RunOutput),
    failed: z.array(RunOutput),
    lost: z.array(
      z.strictObject({
        repository: Repository,
        issue: z.string(),
        agent: z.string(),
        code: z.string(),
        message: z.string(),
      }),
    ),
    errors: z
      .array(z.strictObject({ repository: z.string(), code: z.string(), message: z.string() }))
      .describe('repositories among several that could not be worked on; the others were'),
  })
  .meta({ id: 'Cycle' });
export type CycleOutput = z.infer<typeof CycleOutput>;

/** What became of one of the issues that a person wants to be worked on. */
export const DispatchOutcomeOutput = z
  .strictObject({
    repository: Repository,
    issue: z.string(),
    state: z
      .enum(['started', 'deferred', 'waits', 'left'])
      .describe(
        'deferred: it rests until `at`; waits: it was not started now, and a cycle may do it later; left: the running dispatcher has it',
      ),
    run: z.string().nullable(),
    agent: z.string().nullable(),
    at: Time.nullable().describe('when it was started, or how long it rests'),
    code: z.string().nullable().describe('why it waits, e.g. AGENT_UNAVAILABLE'),
    dispatch_code: z.string().nullable().describe('the same as a number, e.g. E13305'),
    retryable: z.boolean().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'DispatchOutcome' });
export type DispatchOutcomeOutput = z.infer<typeof DispatchOutcomeOutput>;

/** What became of issues that a person wants to be worked on. */
export const DispatchedOutput = z
  .strictObject({
    issues: z.array(z.string()).describe('their whole ids: label and rest are off'),
    left_to: z
      .strictObject({ pid: z.int(), since: Time })
      .nullable()
      .describe('the running dispatcher that starts them; null: this command did one cycle'),
    cycle: CycleOutput.nullable(),
    outcomes: z.array(DispatchOutcomeOutput).describe('one for each issue'),
  })
  .meta({ id: 'Dispatched' });
export type DispatchedOutput = z.infer<typeof DispatchedOutput>;

/** What `jit-dispatch start` prints when it has stopped. */
export const DispatcherStoppedOutput = z
  .strictObject({
    name: z.string(),
    cycles: z.int(),
    started: z.int(),
    settled: z.int(),
    failed: z.int().describe('runs whose agent could not be started; in none of the other counts'),
    left: z.int().describe('runs that could not be settled; the next start takes them over'),
  })
  .meta({ id: 'DispatcherStopped' });
export type DispatcherStoppedOutput = z.infer<typeof DispatcherStoppedOutput>;
