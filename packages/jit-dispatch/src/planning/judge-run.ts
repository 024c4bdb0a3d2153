import type { ExitRecord, KeeperRecord } from '../run-records.ts';
import type { RunEnd } from './settle.ts';

/** What can be seen of a run that was dispatched. */
export interface RunFacts {
  readonly keeper: KeeperRecord | null;
  readonly isKeeperAlive: boolean;
  /** Read after the keeper was looked at, so a keeper that just ended has left it. */
  readonly exit: ExitRecord | null;
  /** Its agent was seen by an earlier look. */
  readonly hasStarted: boolean;
  /** Milliseconds since it was dispatched; below 0 where that was before the machine was started. */
  readonly ageMs: number;
}

/**
 * Where a run stands. `starting`: its keeper has not reported yet. `overdue`: it did not in time,
 * so the run is to be given up. `orphaned`: its keeper died, or nothing is left of its folder; an agent may be left.
 */
export type RunJudgement =
  | { readonly is: 'starting' | 'overdue' | 'running' | 'orphaned' }
  | { readonly is: 'ended'; readonly end: RunEnd };

/** How long a keeper may take to report. Giving up later is safe at any time: see `keeper.json`. */
export const START_DEADLINE_MS = 10_000;

/** Tells where a dispatched run stands. */
export function judgeRun({
  keeper,
  isKeeperAlive,
  exit,
  hasStarted,
  ageMs,
}: RunFacts): RunJudgement {
  if (exit !== null) return { is: 'ended', end: exit };
  if (keeper === null && hasStarted) return { is: 'orphaned' };
  const mayCome = ageMs >= 0 && ageMs < START_DEADLINE_MS;
  if (keeper === null) return { is: mayCome ? 'starting' : 'overdue' };
  if ('abandoned' in keeper) return { is: 'ended', end: NEVER_STARTED };
  return { is: isKeeperAlive ? 'running' : 'orphaned' };
}

/** The end of a run whose agent was never started. */
export const NEVER_STARTED: RunEnd = {
  reason: 'never_started',
  message: 'its keeper did not start in time; the agent was not started',
  code: null,
  signal: null,
};

/** The end of a run whose keeper died. */
export const KEEPER_DIED: RunEnd = {
  reason: 'keeper_died',
  message: 'its keeper died; what was left of the agent was stopped',
  code: null,
  signal: null,
};
