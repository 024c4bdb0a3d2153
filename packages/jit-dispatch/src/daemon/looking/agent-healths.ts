import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { healthOf } from '../../planning/agent-health.ts';
import type { AgentHealth } from '../../planning/breaker.ts';

/** So many runs of an agent say how it does. */
const LATEST = 200;

/** How each agent does, by the ledger: whether it rests, and until when. */
export function readHealths(
  { agents, breaker }: Pick<DispatchConfig, 'agents' | 'breaker'>,
  ledger: Ledger | null,
  now: Date,
): ReadonlyMap<string, AgentHealth> {
  const pauses = ledger?.pauses(now.toISOString()) ?? [];
  return new Map(
    agents.map(({ id, account }) => {
      const runs = ledger?.runs({ agent: id, limit: LATEST }).reverse() ?? [];
      return [id, healthOf({ account, runs, pauses, rules: breaker, now: now.getTime() })];
    }),
  );
}
