import { createHash } from 'node:crypto';
import { JitError } from '@jit/contract/errors';
import type { Ledger } from '../ledger/ledger.ts';
import type { RefusedClaim } from '../planning/plan-cycle.ts';
import type { Tracker, TrackerAnswer, TrackerIssue } from '../tracker/tracker.ts';

/** What the tracker says of an issue as it is: another call does not change that. */
const INVALID: readonly number[] = [2, 4];
/** It is gone, somebody else was first, or the agent is full by now: normal, and over by itself. */
const NORMAL: readonly number[] = [3, 6, 7];
const DAY_MS = 24 * 3600 * 1000;
/** What is wrong with the tracker as a whole shows no change in the issue. */
const ELSE_MS = 5 * 60_000;

/** What the record of a lost claim says about a refusal for good. */
interface LostData {
  readonly code: string;
  readonly message: string;
  readonly exit: number;
  /** Tells whether the issue has changed since. */
  readonly seen: string;
}

/** Whether the same claim would be refused again, because of what it asks for and not of who was first. */
export function isRefusedForGood(answer: TrackerAnswer | undefined): boolean {
  if (answer?.is !== 'refused' || answer.retryable) return false;
  return !NORMAL.includes(answer.exit);
}

/**
 * Marks of issues whose claim was refused for good, by id, for the record of the loss. None where the
 * tracker does not show them: then they are asked for again.
 */
export async function markIssues(
  tracker: Tracker,
  issues: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (issues.length === 0) return new Map();
  try {
    const answers = await tracker.call(issues.map((issue) => ({ do: 'show', issue })));
    return new Map(issues.map((issue, index) => [issue, markOf(answers[index])]));
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    return new Map();
  }
}

function markOf(answer: TrackerAnswer | undefined): string {
  const text =
    answer?.is === 'ok' ? JSON.stringify(answer.issues[0]?.whole) : (answer?.message ?? '');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Ready issues whose last claim was refused for good and that have not changed since, with what the
 * tracker said. A day later they are tried again all the same: it may have learned something.
 */
export async function readRefusedClaims(
  tracker: Tracker,
  ledger: Ledger | null,
  { ready, now }: { readonly ready: readonly TrackerIssue[]; readonly now: Date },
): Promise<ReadonlyMap<string, RefusedClaim>> {
  const lost = (ledger?.lostClaims(ready.map(({ id }) => id)) ?? []).flatMap(
    ({ issue, at, data }) => {
      const { seen, exit = 0 } = data as Partial<LostData>;
      if (seen === undefined) return [];
      const age = Math.abs(now.getTime() - Date.parse(at));
      return age < (INVALID.includes(exit) ? DAY_MS : ELSE_MS)
        ? [{ issue, data: data as LostData }]
        : [];
    },
  );
  const marks = await markIssues(
    tracker,
    lost.map(({ issue }) => issue),
  );
  return new Map(
    lost.flatMap(({ issue, data: { code, message, seen } }) =>
      marks.get(issue) === seen ? [[issue, { code, message }] as const] : [],
    ),
  );
}
