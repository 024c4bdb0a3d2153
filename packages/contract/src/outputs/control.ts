import { z } from 'zod';
import { FAILURE_CLASSES, RUN_STATES, SHOWN_STATES } from '../vocabulary.ts';
import { RunOutput } from './dispatch.ts';

const Time = z.iso.datetime();
const Daemon = z.strictObject({ pid: z.int(), since: Time });
const Repository = z.string().describe('its name in [[repositories]]; empty where there is one');

/** What came of an order about an issue. */
export const OrderOutput = z
  .strictObject({
    order: z.string().nullable().describe('its id; null where nothing had to be ordered'),
    kind: z.enum(['cancel', 'reassign', 'retry_pull']),
    repository: Repository,
    issue: z.string(),
    run: z
      .string()
      .nullable()
      .describe('the run that it ends, or whose pull request is tried again'),
    agent: z.string().nullable().describe('who is to get the issue'),
    changed: z.boolean(),
    outcome: z
      .string()
      .nullable()
      .describe(
        'a stable word, e.g. canceled, held, reassigned, queued; null: not carried out yet',
      ),
    detail: z.string(),
    left_to: Daemon.nullable().describe('the running dispatcher that carries it out'),
  })
  .meta({ id: 'Order' });
export type OrderOutput = z.infer<typeof OrderOutput>;

/** A pause by a person's word. */
export const HoldOutput = z
  .strictObject({
    scope: z.string().describe('`*`, `agent:ID` or `repository:NAME`'),
    reason: z.string(),
    who: z.string(),
    since: Time,
    until: Time.nullable().describe('null: until `resume`'),
  })
  .meta({ id: 'Hold' });

/** What is paused after `pause` or `resume`. */
export const HoldsOutput = z
  .strictObject({
    changed: z.boolean(),
    scope: z.string().describe('what was asked about'),
    holds: z.array(HoldOutput).describe('everything that is paused now'),
    running: z.int().describe('live runs: they go on'),
  })
  .meta({ id: 'Holds' });
export type HoldsOutput = z.infer<typeof HoldsOutput>;

/** What `drain` waited for. */
export const DrainedOutput = z
  .strictObject({
    drained: z.boolean().describe('nothing runs; false: the time was over'),
    holds: z.array(HoldOutput),
    runs: z.array(RunOutput).describe('what still runs'),
  })
  .meta({ id: 'Drained' });
export type DrainedOutput = z.infer<typeof DrainedOutput>;

/** How an issue ended that was waited for. */
export const IssueEndOutput = z
  .strictObject({
    issue: z.string(),
    repository: Repository,
    title: z.string(),
    state: z.enum(SHOWN_STATES),
    outcome: z
      .enum(['done', 'rejected', 'archived', 'escalated', 'held', 'timed_out'])
      .describe('timed_out: it had not ended when the time was over'),
    reason: z
      .string()
      .nullable()
      .describe('why a person has to look, or who holds it; null: nothing is known here'),
    run: z.string().nullable().describe('its last run here'),
    agent: z.string().nullable().describe('of that run'),
  })
  .meta({ id: 'IssueEnd' });
export type IssueEndOutput = z.infer<typeof IssueEndOutput>;

/** What `stop` did. */
export const StopOutput = z
  .strictObject({
    pid: z.int(),
    since: Time,
    stopped: z.boolean().describe('false: it still stops'),
    now: z.boolean().describe('its agents were stopped too'),
  })
  .meta({ id: 'Stop' });
export type StopOutput = z.infer<typeof StopOutput>;

/** Everything about one run. */
export const RunDetailsOutput = z
  .strictObject({
    repository: Repository,
    run: RunOutput,
    workspace: z.string().nullable(),
    folder: z.string().describe('its records and output'),
    time_line: z.array(
      z.strictObject({ at: Time, type: z.string(), data: z.record(z.string(), z.unknown()) }),
    ),
    gate_tries: z.array(
      z.strictObject({
        try: z.int(),
        folder: z.string(),
        reason: z.string().nullable().describe('null: it runs, or is not known'),
        exit_code: z.int().nullable(),
      }),
    ),
    output_end: z.string().nullable().describe('null: there is none any more'),
    left_out: z.boolean().describe('there is more output than this'),
  })
  .meta({ id: 'RunDetails' });
export type RunDetailsOutput = z.infer<typeof RunDetailsOutput>;

/** What happened to an issue, here and in the tracker. */
export const IssueHistoryOutput = z
  .strictObject({
    repository: Repository,
    issue: z.string(),
    title: z.string(),
    state: z.enum(SHOWN_STATES),
    counts: z.strictObject({
      runs: z.int(),
      claims: z.int(),
      failures: z.int(),
      escalations: z.int(),
      holds: z.int(),
      reassignments: z.int(),
    }),
    entries: z.array(
      z.strictObject({
        at: Time,
        from: z.enum(['here', 'tracker']),
        what: z.string().describe('a stable word'),
        actor: z.string().nullable(),
        agent: z.string().nullable(),
        run: z.string().nullable(),
        attempt: z.int().nullable(),
        failed: z.enum(FAILURE_CLASSES).nullable(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'IssueHistory' });
export type IssueHistoryOutput = z.infer<typeof IssueHistoryOutput>;

const Spread = z.strictObject({
  mean: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
});

const Totals = {
  total: z.int(),
  live: z.int(),
  completed: z.int(),
  failed: z.int().describe('also timed out and stalled'),
  failed_by_class: z.partialRecord(z.enum(FAILURE_CLASSES), z.int()),
  canceled: z.int(),
  reassigned: z.int().describe('of the canceled ones, those that went to another agent'),
  lost: z.int(),
  run_secs: Spread.nullable().describe(
    'seconds from the start of the agent to its end; null: none has ended',
  ),
  dispatch_ms: Spread.nullable().describe(
    'milliseconds from the decision to the start of the agent; null: none was started',
  ),
};

const ClassTotals = z.strictObject({
  total: z.int(),
  completed: z.int(),
  failed: z.int().describe('also timed out and stalled'),
});

/** Runs in figures. */
export const DispatchStatsOutput = z
  .strictObject({
    since: Time.nullable().describe('runs created before are not counted; null: all are'),
    until: Time,
    ...Totals,
    per_hour: z.number().nullable().describe('completed runs in an hour of that time'),
    agents: z.array(z.strictObject({ agent: z.string(), ...Totals })),
    by_class: z
      .strictObject({
        human: ClassTotals,
        ai: ClassTotals,
        hybrid: ClassTotals,
        unknown: ClassTotals.describe('runs of which nobody said any'),
      })
      .describe('by who the work was taken to be for'),
    states: z.partialRecord(z.enum(RUN_STATES), z.int()),
  })
  .meta({ id: 'DispatchStats' });
export type DispatchStatsOutput = z.infer<typeof DispatchStatsOutput>;
