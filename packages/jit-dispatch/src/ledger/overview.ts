import type { Priority } from '@jit/contract/vocabulary';
import type { Prepare } from './statements.ts';

/** What the ledger knows besides runs and records, for people who look. Times in RFC 3339. */
export interface Overview {
  /** Ready issues that the last cycle did not start, most urgent first. */
  readonly waits: readonly {
    readonly issue: string;
    readonly title: string;
    readonly priority: Priority;
    readonly reason: string;
    readonly detail: string;
    readonly since: string;
  }[];
  readonly holds: readonly {
    readonly scope: string;
    readonly reason: string;
    readonly who: string;
    readonly since: string;
    readonly until: string | null;
  }[];
  /** Escalations about which something is left to be done. */
  readonly escalated: readonly {
    readonly issue: string;
    readonly title: string;
    readonly reason: string;
    readonly detail: string;
    readonly since: string;
  }[];
  readonly keptWorkspaces: readonly {
    readonly issue: string;
    readonly path: string;
    readonly branch: string | null;
    readonly kept_because: string;
    readonly made_at: string;
  }[];
}

/** The ledger at a glance. */
export interface OverviewTable {
  /** @param now in RFC 3339: holds that have ended by then are left out */
  overview(now: string): Overview;
  /** How many runs ever started and ended, by agent and how they ended. */
  totals(): {
    readonly agent: string;
    readonly state: string;
    readonly failed: string | null;
    readonly runs: number;
    readonly started: number;
  }[];
  /** The ids beside a run's in their order: what its short form has to differ from. */
  neighbours(run: string): string[];
}

const URGENCY = `CASE priority WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END`;

/** The overview of an open ledger. */
export function overviewTable(prepare: Prepare): OverviewTable {
  const rows = <Name extends keyof Overview>(sql: string, ...given: string[]): Overview[Name] =>
    prepare<string[], Overview[Name][number]>(sql).all(...given) as unknown as Overview[Name];
  return {
    overview: (now) => ({
      waits: rows<'waits'>(
        `SELECT issue, title, priority, reason, detail, since FROM waits ORDER BY ${URGENCY}, since, issue`,
      ),
      holds: rows<'holds'>(
        `SELECT scope, reason, who, since, until FROM holds
           WHERE until IS NULL OR until > ? ORDER BY scope`,
        now,
      ),
      escalated: rows<'escalated'>(
        `SELECT issue, title, reason, detail, created_at AS since FROM escalations
           WHERE ended_at IS NULL ORDER BY rowid`,
      ),
      keptWorkspaces: rows<'keptWorkspaces'>(
        `SELECT issue, path, branch, kept_because, made_at FROM workspaces
           WHERE kept_because IS NOT NULL ORDER BY made_at, issue`,
      ),
    }),
    totals: () =>
      prepare<[], ReturnType<OverviewTable['totals']>[number]>(
        `SELECT agent, state, failed, count(*) AS runs, count(started_at) AS started
           FROM runs GROUP BY agent, state, failed ORDER BY agent, state, failed`,
      ).all(),
    neighbours: (run) =>
      prepare<[string, string], string>(
        `SELECT max(run) FROM runs WHERE run < ?
         UNION ALL SELECT min(run) FROM runs WHERE run > ?`,
      )
        .pluck()
        .all(run, run)
        .filter((each) => each !== null),
  };
}
