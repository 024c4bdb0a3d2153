import type { AgentHealth } from './breaker.ts';
import { countWork, type OccupiedSlot } from './capacity.ts';
import { hasRework, type Limits, whyExcluded } from './exclusion.ts';
import type { IssueHistory } from './history.ts';

/** An agent a plan can choose. */
export interface Candidate {
  readonly id: string;
  readonly capacity: number;
  readonly tags: readonly string[];
  readonly health: AgentHealth;
}

/** The issues with a live claim, by agent, over all dispatchers. */
export type Claims = ReadonlyMap<string, readonly string[]>;

/** A candidate and its room while a plan is made. */
export interface Slot extends Candidate {
  readonly index: number;
  /** Room by its capacity. */
  free: number;
  /** Room for the one run that tries an agent after its rest, else as much as it likes. */
  tries: number;
}

/** An issue and what was tried at it. */
export interface Subject {
  readonly issue: { readonly labels: readonly string[]; readonly assignee: string | null };
  readonly history: IssueHistory;
  readonly limits: Limits;
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
    return { ...agent, index, free: agent.capacity - used, tries };
  });
}

/** The agents that may take an issue at all: everybody, or the one it is reserved for. */
export function askedAgents({ issue }: Subject, slots: readonly Slot[]): readonly Slot[] {
  return slots.filter((slot) => issue.assignee === null || slot.id === issue.assignee);
}

/** The best agent that may have the issue now. */
export function chooseAgent(subject: Subject, slots: readonly Slot[]): Slot | undefined {
  const { issue, history } = subject;
  const [best] = askedAgents(subject, slots)
    .filter((slot) => whyNot(subject, slot) === null)
    .sort(
      (a, b) =>
        Number(hasRework(b.id, history)) - Number(hasRework(a.id, history)) ||
        matches(issue.labels, b).length - matches(issue.labels, a).length ||
        b.free - a.free ||
        a.index - b.index,
    );
  return best;
}

/** Why an agent is not started at an issue. */
export interface WhyNot {
  readonly reason: 'excluded' | 'paused' | 'unhealthy' | 'resting' | 'full';
  readonly detail: string;
}

/** Why this agent can't have the issue now, or null if it can. */
export function whyNot({ issue, history, limits }: Subject, slot: Slot): WhyNot | null {
  const { id, health } = slot;
  // A release ends a reservation, so this one is newer than its failures; the lifetime limit still holds.
  const excluded = issue.assignee === id ? null : whyExcluded(id, history, limits);
  if (excluded !== null) return { reason: 'excluded', detail: `${id} excluded: ${excluded}` };
  if (health.is === 'paused') return { reason: 'paused', detail: `${id} paused: ${health.why}` };
  if (health.is === 'unhealthy')
    return { reason: 'unhealthy', detail: `${id} unhealthy: ${health.why}` };
  if (health.is === 'resting') {
    const until = new Date(health.until).toISOString();
    return { reason: 'resting', detail: `${id} rests until ${until}: ${health.why}` };
  }
  if (slot.free <= 0)
    return { reason: 'full', detail: `${id} ${slot.capacity - slot.free}/${slot.capacity}` };
  if (health.is === 'trying' && slot.tries <= 0)
    return { reason: 'resting', detail: `${id} is tried with one run first: ${health.why}` };
  return null;
}

/** Why this agent was chosen; its slot is not taken yet. */
export function whyChosen({ issue, history }: Subject, slot: Slot): string {
  const tags = matches(issue.labels, slot);
  const last = history.failures.at(-1);
  const reasons = [
    ...(issue.assignee === slot.id ? ['reserved for it'] : []),
    ...(issue.assignee !== slot.id && tags.length > 0 ? [`matches ${tags.join(', ')}`] : []),
    ...(last === undefined ? [] : [`after ${last.failed} by ${last.agent}`]),
    ...(slot.health.is === 'trying' ? [`a try after its rest: ${slot.health.why}`] : []),
    `${slot.capacity - slot.free + 1} of ${slot.capacity} in use with it`,
  ];
  return reasons.join('; ');
}

/** The tags that a label names, as a whole (`rust`) or by its value (`lang:rust`). */
export function matches(labels: readonly string[], { tags }: Candidate): string[] {
  const named = new Set(
    labels.flatMap((label) => [label, label.slice(label.indexOf(':') + 1)]).map(fold),
  );
  return tags.filter((tag) => named.has(fold(tag)));
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
