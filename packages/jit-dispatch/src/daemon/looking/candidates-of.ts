import type { DispatchConfig } from '../../config/config.ts';
import type { Successes } from '../../ledger/successes.ts';
import type { AgentHealth } from '../../planning/breaker.ts';
import type { Candidate } from '../../planning/choosing/candidate.ts';
import { tracksOf } from './read-successes.ts';
import { lastTurns, type Turn } from './read-turns.ts';

/** What is known of agents besides their configuration. */
interface AgentFacts {
  readonly healths: ReadonlyMap<string, AgentHealth>;
  /** Claims, by repository. */
  readonly turns: readonly (readonly Turn[])[];
  readonly successes: readonly Successes[];
}

/** The agents as a plan sees them. */
export function candidatesOf(
  { agents }: Pick<DispatchConfig, 'agents'>,
  { healths, turns, successes }: AgentFacts,
): Candidate[] {
  const last = lastTurns(turns);
  const tracks = tracksOf(successes);
  return agents.map((agent) => ({
    ...agent,
    health: healths.get(agent.id) ?? { is: 'well' },
    turn: last.get(agent.id) ?? null,
    tracks: tracks.get(agent.id) ?? new Map(),
  }));
}
