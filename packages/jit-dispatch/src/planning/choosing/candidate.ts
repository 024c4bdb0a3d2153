import type { WorkClass } from '@jit/contract/vocabulary';
import type { AgentHealth } from '../breaker.ts';
import { countWork, type OccupiedSlot } from './capacity.ts';
import type { Track } from './score.ts';

/** An agent a plan can choose. */
export interface Candidate {
  readonly id: string;
  readonly capacity: number;
  readonly tags: readonly string[];
  readonly role: string | null;
  readonly capabilities: readonly string[];
  readonly skills: readonly string[];
  /** The kinds of work it is best at. */
  readonly strengths: readonly string[];
  /** Who it is. */
  readonly class: WorkClass;
  /** Whether it may get work at or above the risk threshold. */
  readonly mayTakeHighRisk: boolean;
  readonly health: AgentHealth;
  /** When it got its last issue, over all dispatchers: a number that grows; null: never, or nobody asks. */
  readonly turn: number | null;
  /** How its runs of each kind of work ended; empty where nobody asks. */
  readonly tracks: ReadonlyMap<string, Track>;
}

/** The issues with a live claim, by agent, over all dispatchers. */
export type Claims = ReadonlyMap<string, readonly string[]>;

/** A candidate and its room while a plan is made. */
export interface Slot extends Omit<Candidate, 'turn'> {
  readonly index: number;
  /** Room by its capacity. */
  free: number;
  /** Room for the one run that tries an agent after its rest, else as much as it likes. */
  tries: number;
  turn: number;
}

/** The slots of agents, in the order of the configuration. */
export function openSlots(
  agents: readonly Candidate[],
  claims: Claims,
  runs: readonly OccupiedSlot[],
): Slot[] {
  return agents.map((agent, index) => {
    const used = countWork(agent.id, claims.get(agent.id) ?? [], runs);
    const own = runs.filter((run) => run.agent === agent.id).length;
    const tries = agent.health.is === 'trying' ? 1 - own : Number.POSITIVE_INFINITY;
    return { ...agent, index, free: agent.capacity - used, tries, turn: agent.turn ?? -1 };
  });
}

/** Takes the room that a start needs, and the turn with it. */
export function takeSlot(slots: readonly Slot[], agent: string): void {
  const slot = slots.find(({ id }) => id === agent);
  if (slot === undefined) return;
  slot.free -= 1;
  slot.tries -= 1;
  slot.turn = Math.max(...slots.map(({ turn }) => turn)) + 1;
}
