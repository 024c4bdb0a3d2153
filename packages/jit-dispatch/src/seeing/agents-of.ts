import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import type { DispatchConfig } from '../config/config.ts';
import { readHealths } from '../daemon/looking/agent-healths.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Run } from '../ledger/run.ts';
import type { AgentHealth } from '../planning/breaker.ts';
import type { Claims } from '../planning/choose-agent.ts';

type AgentStatus = DispatcherStatusOutput['agents'][number];
type Health = Pick<AgentStatus, 'health' | 'resting_until' | 'why'>;

/** What was seen in one repository. */
interface Seen {
  readonly ledger: Ledger | null;
  readonly live: readonly Run[];
  readonly claims: Claims | null;
  readonly unhealthy: readonly { readonly agent: string; readonly detail: string }[];
}

const WELL: Health = { health: 'well', resting_until: null, why: null };
/** What keeps an agent from work most, comes last. */
const GRADES: readonly AgentStatus['health'][] = [
  'well',
  'trying',
  'resting',
  'unhealthy',
  'paused',
];

/** What each agent does in all repositories together, and the worst that is known about it. */
export function agentsOf(
  config: Pick<DispatchConfig, 'agents' | 'breaker'>,
  {
    seen,
    holds,
    now,
  }: { seen: readonly Seen[]; holds: DispatcherStatusOutput['holds']; now: Date },
): AgentStatus[] {
  const healths = seen.map(({ ledger }) => readHealths(config, ledger, now));
  return config.agents.map(({ id, capacity }) => {
    const found = [
      ...healths.map((each) => healthOf(each.get(id))),
      ...seen.flatMap(({ unhealthy }) => unhealthy.filter(({ agent }) => agent === id)).map(unwell),
      ...holds.filter(({ scope }) => scope === `agent:${id}`).map(pausedBy),
    ];
    const worst = found.reduce(
      (a, b) => (GRADES.indexOf(b.health) > GRADES.indexOf(a.health) ? b : a),
      WELL,
    );
    const live = seen.flatMap((each) => each.live);
    const isAnswered = seen.every(({ claims }) => claims !== null);
    const claimed = seen.flatMap(({ claims }) => claims?.get(id) ?? []).length;
    return {
      id,
      capacity,
      running: live.filter((run) => run.agent === id).length,
      claimed: isAnswered ? claimed : null,
      ...worst,
    };
  });
}

function healthOf(health: AgentHealth = { is: 'well' }): Health {
  if (health.is === 'well') return WELL;
  const until = health.is === 'resting' ? new Date(health.until).toISOString() : null;
  return { health: health.is, resting_until: until, why: health.why };
}

function unwell({ detail }: { readonly detail: string }): Health {
  return { health: 'unhealthy', resting_until: null, why: detail };
}

function pausedBy({ who, reason }: DispatcherStatusOutput['holds'][number]): Health {
  return { health: 'paused', resting_until: null, why: `by ${who}: ${reason}` };
}
