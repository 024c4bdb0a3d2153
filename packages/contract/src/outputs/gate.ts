import { z } from 'zod';
import { GATE_MODES, GATE_STAGES, SHOWN_STATES, VERDICTS } from '../vocabulary.ts';
import { IssueGateOutput } from './issue.ts';

/** The program that decides an automatic gate. */
export const CheckerOutput = z
  .strictObject({
    command: z.string(),
    timeout_secs: z.number(),
    working_dir: z.string().nullable(),
    env: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Checker' });

/** A gate definition. */
export const GateOutput = z
  .strictObject({
    key: z.string(),
    title: z.string(),
    description: z.string(),
    stage: z.enum(GATE_STAGES),
    mode: z.enum(GATE_MODES),
    checker: CheckerOutput.nullable(),
    trusted: z
      .boolean()
      .nullable()
      .describe('whether this user lets this machine run the checker; null: manual'),
    issues: z.array(z.string()).describe('unfinished issues that carry this gate'),
    conflicts: z
      .array(z.record(z.string(), z.unknown()))
      .describe('what lost in a merge, until the next write notes it in the log'),
  })
  .meta({ id: 'Gate' });
export type GateOutput = z.infer<typeof GateOutput>;

/** What a change of a definition prints. */
export const GateChangeOutput = z
  .strictObject({ ...GateOutput.shape, changed: z.boolean() })
  .meta({ id: 'GateChange' });
export type GateChangeOutput = z.infer<typeof GateChangeOutput>;

/** What `gate remove` of a definition prints. */
export const GateRemovedOutput = z
  .strictObject({ key: z.string(), changed: z.boolean(), issues: z.array(z.string()) })
  .meta({ id: 'GateRemoved' });
export type GateRemovedOutput = z.infer<typeof GateRemovedOutput>;

/** One run of a gate's checker. */
export const GateRunOutput = z
  .strictObject({
    id: z.string(),
    issue: z.string(),
    gate: z.string(),
    attempt: z.int().describe("the issue's attempt when the run began"),
    commit: z.string().nullable().describe('of the worktree when the run began; null: none'),
    command: z.string(),
    by: z.string(),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime(),
    exit: z.int().nullable().describe('null: it did not exit by itself'),
    signal: z.string().nullable(),
    verdict: z.enum(VERDICTS).describe('could_not_run: it says nothing about the gate'),
    end: z.string().describe('how it ended, in words'),
    output_bytes: z.int().describe('how much was printed; beginning and end of it are kept'),
    reported: z.boolean().describe('brought by gate report from another machine'),
    stale: z.string().nullable().describe('why the result did not count'),
  })
  .meta({ id: 'GateRun' });
export type GateRunOutput = z.infer<typeof GateRunOutput>;

/** A run as its caller is told of it. */
export const ToldGateRunOutput = z
  .strictObject({
    ...GateRunOutput.shape,
    output_tail: z.string().describe('the last lines of a run that did not pass, else empty'),
  })
  .meta({ id: 'ToldGateRun' });
export type ToldGateRunOutput = z.infer<typeof ToldGateRunOutput>;

/** What `gate run` and `gate report` print when every result counts and is passed. */
export const GateRunReportOutput = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    state: z.enum(SHOWN_STATES),
    changed: z.boolean(),
    runs: z.array(ToldGateRunOutput),
    gates: z.array(IssueGateOutput),
  })
  .meta({ id: 'GateRunReport' });
export type GateRunReportOutput = z.infer<typeof GateRunReportOutput>;

/** What a run printed, as far as it was kept. */
export const GateLogOutput = z
  .strictObject({
    ...GateRunOutput.shape,
    output: z.string().describe('bytes that are no UTF-8 are replaced'),
    path: z.string().describe('the file, byte for byte'),
  })
  .meta({ id: 'GateLog' });
export type GateLogOutput = z.infer<typeof GateLogOutput>;

/** A definition that this machine runs from now on. */
export const GateTrustedOutput = z
  .strictObject({
    key: z.string(),
    stage: z.enum(GATE_STAGES),
    checker: CheckerOutput,
    changed: z.boolean(),
  })
  .meta({ id: 'GateTrusted' });
export type GateTrustedOutput = z.infer<typeof GateTrustedOutput>;

/** Gates for a common stack. */
export const GatePresetOutput = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    gates: z.array(
      z.strictObject({
        key: z.string(),
        title: z.string(),
        stage: z.enum(GATE_STAGES),
        mode: z.enum(GATE_MODES),
        command: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'GatePreset' });
export type GatePresetOutput = z.infer<typeof GatePresetOutput>;

/** What `gate preset apply` prints. */
export const GatePresetAppliedOutput = z
  .strictObject({
    preset: z.string(),
    changed: z.boolean(),
    defined: z.array(z.string()).describe('the gates that were not there before'),
    gates: z.array(GateOutput),
    issues: z.array(z.strictObject({ id: z.string(), added: z.array(z.string()) })),
  })
  .meta({ id: 'GatePresetApplied' });
export type GatePresetAppliedOutput = z.infer<typeof GatePresetAppliedOutput>;

/** The gates of one issue. */
export const GateStatusOutput = z
  .strictObject({
    id: z.string(),
    short_id: z.string(),
    gates: z.array(
      z.strictObject({
        ...IssueGateOutput.shape,
        last_run: GateRunOutput.nullable().describe('the newest run on this machine'),
      }),
    ),
  })
  .meta({ id: 'GateStatus' });
export type GateStatusOutput = z.infer<typeof GateStatusOutput>;
