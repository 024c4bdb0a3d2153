import type { DispatchConfig } from '../../config/config.ts';
import type { AgentHealth } from '../../planning/breaker.ts';
import type { Candidate } from '../../planning/choosing/candidate.ts';
import type { Track } from '../../planning/choosing/score.ts';
import { lastTurns, type Turn } from './read-turns.ts';

/** What is known of agents besides their configuration. */
interface AgentFacts {
  readonly healths: ReadonlyMap<string, AgentHealth>;
  /** Claims, by repository. */
  readonly turns: readonly (readonly Turn[])[];
  /** How ended runs went, by agent and kind of work. */
  readonly tracks?: ReadonlyMap<string, ReadonlyMap<string, Track>>;
}

/** The agents as a plan sees them. */
export function candidatesOf(
  { agents }: Pick<DispatchConfig, 'agents'>,
  { healths, turns, tracks }: AgentFacts,
): Candidate[] {
  const last = lastTurns(turns);
  return agents.map((agent) => ({
    ...agent,
    health: healths.get(agent.id) ?? { is: 'well' },
    turn: last.get(agent.id) ?? null,
    tracks: tracks?.get(agent.id) ?? new Map(),
  }));
}
