import { z } from 'zod';
import { DependencyChangeOutput, DependencyTreeOutput, EdgeOutput } from './dependency.ts';
import {
  CycleOutput,
  DecisionOutput,
  DispatcherStatusOutput,
  DispatcherStoppedOutput,
  RunOutput,
} from './dispatch.ts';
import { ErrorOutput } from './error.ts';
import { EventOutput } from './event.ts';
import {
  GateChangeOutput,
  GateLogOutput,
  GateOutput,
  GatePresetAppliedOutput,
  GatePresetOutput,
  GateRemovedOutput,
  GateRunReportOutput,
  GateStatusOutput,
  GateTrustedOutput,
} from './gate.ts';
import {
  ClaimedIssueOutput,
  CommentOutput,
  HeartbeatOutput,
  IssueChangeOutput,
  IssueDeletedOutput,
  IssueItemOutput,
  IssueOutput,
} from './issue.ts';
import {
  BatchLineOutput,
  ImportOutput,
  InitOutput,
  StatusOutput,
  ValidateOutput,
  WhereOutput,
} from './repository.ts';

const JsonSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'JsonSchema', description: 'a JSON Schema, draft 2020-12' });

const NAMED: readonly z.ZodType[] = [
  BatchLineOutput,
  ClaimedIssueOutput,
  CommentOutput,
  CycleOutput,
  DecisionOutput,
  DependencyChangeOutput,
  DependencyTreeOutput,
  DispatcherStatusOutput,
  DispatcherStoppedOutput,
  EdgeOutput,
  ErrorOutput,
  EventOutput,
  GateChangeOutput,
  GateLogOutput,
  GateOutput,
  GatePresetAppliedOutput,
  GatePresetOutput,
  GateRemovedOutput,
  GateRunReportOutput,
  GateStatusOutput,
  GateTrustedOutput,
  HeartbeatOutput,
  ImportOutput,
  InitOutput,
  IssueChangeOutput,
  IssueDeletedOutput,
  IssueItemOutput,
  IssueOutput,
  JsonSchema,
  RunOutput,
  StatusOutput,
  ValidateOutput,
  WhereOutput,
];

/** What commands can print, by name. A command's `output` is one of these, `X[]`, or several joined by ` | `. */
export const OUTPUTS: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  NAMED.map((schema) => [nameOf(schema), schema]),
);

/** The schema that a command's `output` names, e.g. `IssueItem[] | Issue[]`; undefined where there is none. */
export function outputSchema(output: string): z.ZodType | undefined {
  const parts = output.split(' | ').map(partSchema);
  const known = parts.filter((schema) => schema !== undefined);
  if (known.length < parts.length) return undefined;
  return known.length === 1 ? known[0] : z.union(known);
}

function partSchema(name: string): z.ZodType | undefined {
  if (!name.endsWith('[]')) return OUTPUTS[name];
  const element = OUTPUTS[name.slice(0, -2)];
  return element && z.array(element);
}

function nameOf(schema: z.ZodType): string {
  const name = schema.meta()?.id;
  if (name === undefined) throw new Error('an output has no name');
  return name;
}
