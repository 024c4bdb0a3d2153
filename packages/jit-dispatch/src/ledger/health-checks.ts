import type { Prepare } from './statements.ts';

/** What the last health check of an agent said. */
export interface HealthCheckRow {
  readonly agent: string;
  readonly is_well: number;
  readonly detail: string;
  /** Since when it has been so, without a break. */
  readonly since: string;
  /** When the check ended, RFC 3339. */
  readonly at: string;
}

/** What the ledger knows about health checks. */
export interface HealthCheckTable {
  healthChecks(): HealthCheckRow[];
  keepHealthCheck(check: HealthCheckRow): void;
  /** Forgets the agent's check: it counts as not checked. */
  forgetHealthCheck(agent: string): void;
}

/** Health checks in an open ledger. */
export function healthCheckTable(prepare: Prepare): HealthCheckTable {
  return {
    healthChecks: () =>
      prepare<[], HealthCheckRow>('SELECT * FROM health_checks ORDER BY agent').all(),
    keepHealthCheck(check) {
      prepare<[object]>(
        'INSERT OR REPLACE INTO health_checks VALUES (@agent, @is_well, @detail, @since, @at)',
      ).run(check);
    },
    forgetHealthCheck(agent) {
      prepare<[string]>('DELETE FROM health_checks WHERE agent = ?').run(agent);
    },
  };
}
