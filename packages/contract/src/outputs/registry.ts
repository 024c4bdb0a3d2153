import { z } from 'zod';
import { BulkChangeOutput, IssuesCreatedOutput } from './bulk.ts';
import { CandidateOutput, CompletionScriptOutput } from './completion.ts';
import { SettingChangeOutput, SettingOutput } from './config.ts';
import {
  DispatchStatsOutput,
  DrainedOutput,
  HoldOutput,
  HoldsOutput,
  IssueEndOutput,
  IssueHistoryOutput,
  OrderOutput,
  RunDetailsOutput,
  StopOutput,
} from './control.ts';
import { DependencyChangeOutput, DependencyTreeOutput, EdgeOutput } from './dependency.ts';
import {
  CycleOutput,
  DecisionOutput,
  DispatchedOutput,
  DispatcherStoppedOutput,
  RunLogOutput,
  RunOutput,
} from './dispatch.ts';
import { DispatchExplanationOutput } from './dispatch-explanation.ts';
import { ConfigCheckOutput, ConfigWrittenOutput, DoctorOutput } from './dispatch-setup.ts';
import { DispatchEventOutput, DispatcherStatusOutput } from './dispatcher-status.ts';
import { ErrorOutput } from './error.ts';
import { AgentMatchOutput, EstimateOutput } from './estimate.ts';
import { EventOutput } from './event.ts';
import { ExplanationOutput } from './explanation.ts';
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
import { GitSetupOutput, MergeDriverOutput } from './git.ts';
import {
  CriticalPathOutput,
  DownstreamOutput,
  GraphExportOutput,
  GraphNodeOutput,
  GraphOutput,
} from './graph.ts';
import {
  ClaimedIssueOutput,
  CommentOutput,
  HeartbeatOutput,
  IssueChangeOutput,
  IssueDeletedOutput,
  IssueFieldsOutput,
  IssueItemOutput,
  IssueOutput,
} from './issue.ts';
import {
  BatchLineOutput,
  ExportFileOutput,
  ExportOutput,
  ImportOutput,
  InitOutput,
  PrimeOutput,
  StatusOutput,
  ValidateOutput,
  WhereOutput,
} from './repository.ts';

const JsonSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'JsonSchema', description: 'a JSON Schema, draft 2020-12' });

const NAMED: readonly z.ZodType[] = [
  BatchLineOutput,
  BulkChangeOutput,
  CandidateOutput,
  ClaimedIssueOutput,
  CommentOutput,
  CompletionScriptOutput,
  ConfigCheckOutput,
  ConfigWrittenOutput,
  CriticalPathOutput,
  CycleOutput,
  DecisionOutput,
  DependencyChangeOutput,
  DependencyTreeOutput,
  DispatchStatsOutput,
  DispatchedOutput,
  DispatchEventOutput,
  DispatchExplanationOutput,
  DispatcherStatusOutput,
  DispatcherStoppedOutput,
  DoctorOutput,
  DownstreamOutput,
  DrainedOutput,
  EdgeOutput,
  ErrorOutput,
  AgentMatchOutput,
  EstimateOutput,
  EventOutput,
  ExportFileOutput,
  ExportOutput,
  ExplanationOutput,
  GateChangeOutput,
  GateLogOutput,
  GateOutput,
  GatePresetAppliedOutput,
  GatePresetOutput,
  GateRemovedOutput,
  GateRunReportOutput,
  GateStatusOutput,
  GitSetupOutput,
  GraphExportOutput,
  GraphNodeOutput,
  GraphOutput,
  GateTrustedOutput,
  HeartbeatOutput,
  HoldOutput,
  HoldsOutput,
  ImportOutput,
  InitOutput,
  IssueChangeOutput,
  IssueDeletedOutput,
  IssueEndOutput,
  IssueFieldsOutput,
  IssueHistoryOutput,
  IssueItemOutput,
  IssueOutput,
  IssuesCreatedOutput,
  JsonSchema,
  PrimeOutput,
  MergeDriverOutput,
  OrderOutput,
  RunDetailsOutput,
  RunLogOutput,
  RunOutput,
  SettingChangeOutput,
  SettingOutput,
  StatusOutput,
  StopOutput,
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
