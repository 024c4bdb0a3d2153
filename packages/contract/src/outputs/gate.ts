import { z } from 'zod';
import { GATE_MODES, GATE_STAGES } from '../vocabulary.ts';
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
    issues: z.array(z.string()).describe('unfinished issues that carry this gate'),
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

/** The gates of one issue. */
export const GateStatusOutput = z
  .strictObject({ id: z.string(), short_id: z.string(), gates: z.array(IssueGateOutput) })
  .meta({ id: 'GateStatus' });
export type GateStatusOutput = z.infer<typeof GateStatusOutput>;
