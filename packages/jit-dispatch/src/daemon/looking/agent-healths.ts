import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { healthOf } from '../../planning/agent-health.ts';
import type { AgentHealth } from '../../planning/breaker.ts';
import { readAgentWords } from './order-facts.ts';

/** So many runs of an agent say how it does. */
const LATEST = 200;

/** How each agent does, by the ledger: whether it rests, and until when, is paused or ill. */
export function readHealths(
  { agents, breaker }: Pick<DispatchConfig, 'agents' | 'breaker'>,
  ledger: Ledger | null,
  now: Date,
): ReadonlyMap<string, AgentHealth> {
  const { paused, checked } = readAgentWords(ledger, now);
  const pauses = ledger?.pauses(now.toISOString()) ?? [];
  return new Map(
    agents.map(({ id, account, health }) => {
      const runs = ledger?.runs({ agent: id, limit: LATEST }).reverse() ?? [];
      const check =
        health === null ? null : { everySecs: health.intervalSecs, last: checked.get(id) ?? null };
      const facts = { account, paused: paused.get(id) ?? null, check, runs, pauses };
      return [id, healthOf({ ...facts, rules: breaker, now: now.getTime() })];
    }),
  );
}
