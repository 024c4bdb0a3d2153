import type { Gate } from '../domain/gate.ts';
import type { Issue } from '../domain/issue.ts';

/** The foreign formats that can be read. */
export type SourceName = 'beads' | 'just-in-time' | 'jit';

/** A file of a foreign tracker as a value; `text` is null for a file that is only listed. */
export interface SourceFile {
  /** Path inside the source, with `/` between its parts. */
  readonly path: string;
  readonly text: string | null;
}

/** What is taken over is decided from these and the source alone. */
export interface PlanOptions {
  /** RFC 3339: stands in where a source tells no time at all. */
  readonly now: string;
  /** Deleted issues that left a tombstone come in as rejected instead of being skipped. */
  readonly keepTombstones?: boolean;
}

/** A comment that comes in with its issue. */
export interface PlannedComment {
  readonly issue: string;
  readonly at: string;
  readonly by: string;
  readonly text: string;
  /** Identity of the comment in its source: the same comment never comes in twice. */
  readonly key: string;
}

/** How the edges of one issue came over. */
export interface EdgeCount {
  readonly imported: number;
  readonly linked: number;
}

/** What was turned into something else. `subjects` is empty where the rule holds for all alike. */
export interface MappedPart {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly subjects: readonly string[];
}

/** What was left out, and why. */
export interface SkippedPart {
  readonly what: string;
  readonly why: string;
  readonly count: number;
  readonly subjects: readonly string[];
}

/** What was wrong in the source and how it was put right. */
export interface RepairedPart {
  readonly what: string;
  readonly how: string;
  readonly count: number;
  readonly subjects: readonly string[];
}

/** The report of a plan: every field of the source stands in it. */
export interface ReportParts {
  readonly mapped: readonly MappedPart[];
  readonly skipped: readonly SkippedPart[];
  readonly repaired: readonly RepairedPart[];
}

/** What the source holds, before anything is left out. */
export interface ReadCounts {
  readonly issues: number;
  readonly gates: number;
  readonly dependencies: number;
  readonly comments: number;
  readonly events: number;
}

/** A foreign tracker in our terms: to print, to test and to store. */
export interface ImportPlan {
  readonly source: SourceName;
  readonly read: ReadCounts;
  readonly issues: readonly Issue[];
  readonly gates: readonly Gate[];
  readonly comments: readonly PlannedComment[];
  readonly edges: ReadonlyMap<string, EdgeCount>;
  readonly report: ReportParts;
}
