import type { GateMode, GateStage } from '@jit/contract/vocabulary';
import type { Issue, IssueGate, MergeConflict } from './issue.ts';
import { byCodeUnit } from './issue.ts';

/** The schema number of gate files. */
export const GATE_SCHEMA = 1;

/** The program that decides an automatic gate. */
export interface Checker {
  readonly command: string;
  readonly timeout_secs: number;
  readonly working_dir: string | null;
  readonly env: Readonly<Record<string, string>>;
}

/** Time limit of a checker without one of its own, in seconds (just-in-time's default). */
export const DEFAULT_CHECKER_TIMEOUT_SECS = 300;

/** A gate definition with the names and the meaning of its file. */
export interface Gate {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly stage: GateStage;
  readonly mode: GateMode;
  readonly checker: Checker | null;
  /** Values that lost in a merge; absent: none. */
  readonly conflicts?: readonly MergeConflict[];
  readonly extra: Readonly<Record<string, unknown>>;
}

/** The shortest and longest time limit that a checker can be given, in seconds. */
export const CHECKER_TIMEOUT_SECS = { min: 1, max: 86_400 } as const;

/** What a definition makes a machine do, as one text: equal texts, equal meaning. Title and description count for nothing. */
export function checkerMeaning({ key, stage, mode, checker }: Gate): string {
  const env = Object.entries(checker?.env ?? {}).sort(([a], [b]) => byCodeUnit(a, b));
  const { command = null, working_dir = null, timeout_secs = null } = checker ?? {};
  return JSON.stringify([key, stage, mode, command, working_dir, timeout_secs, env]);
}

/** How definitions are looked up. */
export type GateLookup = (key: string) => Gate | undefined;

/** The keys of an issue's gates of one stage that are not passed. A gate without a definition counts for both stages. */
export function openGates(issue: Issue, stage: GateStage, gate: GateLookup): string[] {
  return Object.keys(issue.gates)
    .sort(byCodeUnit)
    .filter((key) => issue.gates[key]?.status !== 'passed')
    .filter((key) => (gate(key)?.stage ?? stage) === stage);
}

/** The gates with every exit gate set back to pending, as a new attempt and reopen ask for; entry gates keep their result. */
export function resetExitGates(
  issue: Issue,
  gate: GateLookup,
): Readonly<Record<string, IssueGate>> {
  return Object.fromEntries(
    Object.entries(issue.gates).map(([key, value]) => [
      key,
      (gate(key)?.stage ?? 'done') === 'done' ? { status: 'pending' as const } : value,
    ]),
  );
}
