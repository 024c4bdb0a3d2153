import type { StrategyName } from '@jit/contract/vocabulary';
import { isMeant } from '../assessing/wishes.ts';
import type { Slot } from './candidate.ts';
import { hasRework, whyExcluded } from './exclusion.ts';
import { isReservedFor, reservedFor } from './reservation.ts';
import { matches } from './score.ts';
import { inOrder } from './strategies.ts';
import type { Subject } from './subject.ts';
import { whyUnsuitable } from './suitability.ts';

/** The agents that may take an issue at all: everybody, or the one it is reserved for. */
export function askedAgents(subject: Subject, slots: readonly Slot[]): readonly Slot[] {
  if (reservedFor(subject) === null) return slots;
  return slots.filter(({ id }) => isReservedFor(subject, id));
}

/** The agent that gets the issue now, by the strategy; undefined: none can take it. */
export function chooseAgent(subject: Subject, slots: readonly Slot[]): Slot | undefined {
  const able = ableAgents(subject, slots);
  if (able.length <= 1) return able[0];
  return inOrder(subject, able, slots)[0]?.slot;
}

/** Those that can take it now. */
function ableAgents(subject: Subject, slots: readonly Slot[]): readonly Slot[] {
  return askedAgents(subject, slots).filter((slot) => whyNot(subject, slot) === null);
}

/** Why an agent is not started at an issue. */
export interface WhyNot {
  readonly reason: 'unsuitable' | 'excluded' | 'paused' | 'unhealthy' | 'resting' | 'full';
  readonly detail: string;
}

/** Why this agent can't have the issue now, or null if it can. */
export function whyNot(subject: Subject, slot: Slot): WhyNot | null {
  const { issue, history, limits } = subject;
  const { id, health } = slot;
  const unsuitable = whyUnsuitable(subject, slot);
  if (unsuitable !== null) return { reason: 'unsuitable', detail: `${id} ${unsuitable}` };
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

/** What a strategy found, where several could have taken it. */
const BY_STRATEGY: Readonly<Record<StrategyName, string | null>> = {
  // What fits is named instead.
  'best-match': null,
  'round-robin': 'its last claim is longest ago',
  random: 'by lot',
  'least-loaded': 'most free',
  only: 'only it is asked',
};

/** Why this agent was chosen; its slot is not taken yet. */
export function whyChosen(subject: Subject, slot: Slot, slots: readonly Slot[]): string {
  const { issue, history, assessment } = subject;
  const tags = matches(issue.labels, slot);
  const last = history.failures.at(-1);
  const { wishes, taskType } = assessment;
  const isReserved = isReservedFor(subject, slot.id);
  const isBestAt = slot.strengths.includes(taskType.name);
  const isPreferred = !isReserved && isMeant(wishes.prefer, slot.id);
  const { name } = subject.rules.strategy;
  const found = BY_STRATEGY[name];
  const isByStrategy = !isReserved && !isPreferred && !hasRework(slot.id, history);
  const isOnly = name !== 'only' && ableAgents(subject, slots).length === 1;
  const reasons = [
    ...(isReserved ? ['reserved for it'] : []),
    ...(isPreferred ? ['preferred by a wish'] : []),
    ...(isByStrategy && found !== null ? [isOnly ? 'nobody else can take it now' : found] : []),
    ...(!isReserved && found === null && tags.length > 0 ? [`matches ${tags.join(', ')}`] : []),
    ...(!isReserved && found === null && isBestAt ? [`best at ${taskType.name}`] : []),
    ...(last === undefined ? [] : [`after ${last.failed} by ${last.agent}`]),
    ...(slot.health.is === 'trying' ? [`a try after its rest: ${slot.health.why}`] : []),
    `${slot.capacity - slot.free + 1} of ${slot.capacity} in use with it`,
  ];
  return reasons.join('; ');
}
