import type { Verdict } from '@jit/contract/vocabulary';
import type { Checker, Gate } from './gate.ts';
import { checkerMeaning } from './gate.ts';
import type { Issue } from './issue.ts';
import { isUnfinished } from './issue.ts';

/** One run of one gate's checker, as its evidence keeps it. */
export interface GateRun {
  readonly id: string;
  readonly issue: string;
  readonly gate: string;
  /** The issue's attempt when it began. */
  readonly attempt: number;
  /** The commit of the worktree when it began; null without git, or before the first commit. */
  readonly commit: string | null;
  readonly command: string;
  readonly by: string;
  readonly started_at: string;
  readonly ended_at: string;
  /** Null where the checker did not exit by itself. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly verdict: Verdict;
  /** How it ended, in words. */
  readonly end: string;
  /** How many bytes it printed; the log keeps the beginning and the end of them. */
  readonly output_bytes: number;
  /** True: brought by `gate report` from another machine. */
  readonly reported: boolean;
  /** Why the result did not count, or null. */
  readonly stale: string | null;
}

/** A gate with the command that decides it. */
export interface AutoGate extends Gate {
  readonly checker: Checker;
}

/** A checker that is to run for an issue. */
export interface PlannedRun {
  readonly issue: string;
  readonly attempt: number;
  readonly gate: AutoGate;
}

/** What a result is compared with when it comes in. */
export interface PresentFacts {
  /** Undefined: deleted. */
  readonly issue: Issue | undefined;
  readonly gate: Gate | undefined;
  /** The commit of the worktree now; undefined: it can't be told any more. */
  readonly commit: string | null | undefined;
}

/**
 * Why the result of a run does not count any more, in words; null if it counts. What a checker looked
 * at is named by attempt, commit and definition: if one of them changed, it looked at something else.
 */
export function staleReason(
  { attempt, gate }: PlannedRun,
  commit: string | null,
  now: PresentFacts,
): string | null {
  const { issue } = now;
  if (issue === undefined) return 'the issue was deleted';
  if (issue.attempt !== attempt)
    return `the issue is at attempt ${issue.attempt}, the run began at attempt ${attempt}`;
  if (issue.gates[gate.key] === undefined) return 'the gate was taken off the issue';
  if (now.gate === undefined) return 'the definition of the gate was removed';
  if (checkerMeaning(now.gate) !== checkerMeaning(gate))
    return 'the definition of the gate has changed';
  if (now.commit !== commit)
    return `the worktree is at commit ${now.commit ?? 'none'}, the run began at ${commit ?? 'none'}`;
  return isUnfinished(issue) ? null : `the issue is ${issue.state}`;
}
