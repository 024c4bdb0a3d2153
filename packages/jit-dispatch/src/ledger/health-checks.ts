import type { Prepare } from './statements.ts';

/** What the last health check of an agent said. */
export interface HealthCheckRow {
  readonly agent: string;
  readonly is_well: number;
  readonly detail: string;
  readonly since: string;
  readonly at: string;
}

/** What the ledger knows about health checks. */
export interface HealthCheckTable {
  healthChecks(): HealthCheckRow[];
}

/** Health checks in an open ledger. */
export function healthCheckTable(prepare: Prepare): HealthCheckTable {
  return {
    healthChecks: () =>
      prepare<[], HealthCheckRow>('SELECT * FROM health_checks ORDER BY agent').all(),
  };
}
