import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import type { DispatchConfig } from '../config/config.ts';
import { readHealths } from '../daemon/looking/agent-healths.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Run } from '../ledger/run.ts';
import type { AgentHealth } from '../planning/breaker.ts';
import type { Claims } from '../planning/choosing/candidate.ts';

type AgentStatus = DispatcherStatusOutput['agents'][number];
type Health = Pick<AgentStatus, 'health' | 'resting_until' | 'why'>;

/** What was seen in one repository. */
interface Seen {
  readonly ledger: Ledger | null;
  readonly live: readonly Run[];
  readonly claims: Claims | null;
}

const WELL: Health = { health: 'well', resting_until: null, why: null };
/** What each agent does in all repositories together, and the worst that is known about it. */
export function agentsOf(
  config: Pick<DispatchConfig, 'agents' | 'breaker'>,
  { seen, now }: { seen: readonly Seen[]; now: Date },
): AgentStatus[] {
  const healths = readHealths(
    config,
    seen.map(({ ledger }) => ledger),
    now,
  );
  return config.agents.map(({ id, title, capacity }) => {
    const live = seen.flatMap((each) => each.live);
    const isAnswered = seen.every(({ claims }) => claims !== null);
    const claimed = seen.flatMap(({ claims }) => claims?.get(id) ?? []).length;
    return {
      id,
      title,
      capacity,
      running: live.filter((run) => run.agent === id).length,
      claimed: isAnswered ? claimed : null,
      ...healthOf(healths.get(id)),
    };
  });
}

function healthOf(health: AgentHealth = { is: 'well' }): Health {
  if (health.is === 'well') return WELL;
  const until = health.is === 'resting' ? new Date(health.until).toISOString() : null;
  return { health: health.is, resting_until: until, why: health.why };
}
