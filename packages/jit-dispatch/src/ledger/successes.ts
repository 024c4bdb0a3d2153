import type { Prepare } from './statements.ts';

/** How runs of an agent at one kind of task have ended. */
export interface Successes {
  readonly agent: string;
  /** Null: runs of which nobody said what kind of task they were. */
  readonly task_type: string | null;
  readonly completed: number;
  /** Those that failed for a reason of the agent's: not for a provider's, a tracker's or the machine's. */
  readonly failed: number;
}

/** What the ledger knows about how well agents did. */
export interface SuccessTable {
  /** Of the latest thousand runs that have ended, those that ended after a time (RFC 3339). */
  successes(since: string): Successes[];
}

const LATEST = 1_000;

/** Successes in an open ledger. */
export function successTable(prepare: Prepare): SuccessTable {
  return {
    successes: (since) =>
      prepare<[object], Successes>(
        `SELECT agent, task_type, sum(good) AS completed, sum(bad) AS failed
           FROM (
             SELECT agent, task_type, ended_at, state = 'completed' AS good,
                 state IN ('failed', 'timed_out', 'stalled')
                   AND failed IN ('agent', 'no_progress', 'gate') AS bad
               FROM runs WHERE ended_at IS NOT NULL ORDER BY rowid DESC LIMIT ${LATEST}
           )
           WHERE ended_at > @since AND (good OR bad)
           GROUP BY agent, task_type ORDER BY agent, task_type`,
      ).all({ since }),
  };
}
