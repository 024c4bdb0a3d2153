import type { Event } from '../domain/event.ts';
import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';
import { gateText, issueText } from '../store/files/codec.ts';

/** The schema number of the document that `jit export` writes. */
export const EXPORT_SCHEMA = 1;

/** Everything that a tracker of jit holds, as its files have it. */
export interface JitContent {
  readonly issues: readonly Issue[];
  readonly gates: readonly Gate[];
  /** In the order of ids. */
  readonly events: readonly Event[];
  /** The text of `config.toml`, or null. */
  readonly config: string | null;
}

/** The document of `jit export`. Issues and gates have the form of their files. */
export interface JitDocument {
  readonly schema: number;
  readonly issues: readonly Readonly<Record<string, unknown>>[];
  readonly gates: readonly Readonly<Record<string, unknown>>[];
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly config: string | null;
}

/** Makes the document: the same content gives the same text. */
export function toDocument({ issues, gates, events, config }: JitContent): JitDocument {
  return {
    schema: EXPORT_SCHEMA,
    issues: issues.map((issue) => JSON.parse(issueText(issue))),
    gates: gates.map((gate) => JSON.parse(gateText(gate))),
    events: events.map((event) => ({ ...event })),
    config,
  };
}

/** True if two issues have the same file, but for what a merge left: any write moves that into the log. */
export function sameIssue(a: Issue, b: Issue): boolean {
  return issueText({ ...a, conflicts: [] }) === issueText({ ...b, conflicts: [] });
}

/** True if two definitions have the same file, with the same exception. */
export function sameGate(a: Gate, b: Gate): boolean {
  return gateText({ ...a, conflicts: [] }) === gateText({ ...b, conflicts: [] });
}
