import type { Slot } from './choosing/candidate.ts';
import { askedAgents, type WhyNot, whyNot } from './choosing/choose-agent.ts';
import { times } from './choosing/exclusion.ts';
import type { Subject } from './choosing/subject.ts';
import type { Failure } from './history.ts';

/** Why a person has to look at an issue. */
export type EscalationReason =
  | 'agents_excluded'
  | 'lifetime_used_up'
  | 'waits_used_up'
  | 'hand_overs_used_up'
  | 'high_risk'
  | 'no_suitable_agent';

/** Why, as a stable word and in words. */
export interface Escalation {
  readonly reason: EscalationReason;
  readonly detail: string;
}

/** Whether people have to look at an issue, because nothing that agents can do is left. */
export function whyEscalate(asked: Subject, slots: readonly Slot[]): Escalation | null {
  const subject = ofAllAgents(asked);
  const { history, limits } = subject;
  const { attempts, waitsInRow, handOvers, failures } = history;
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const facts = failures.length === 0 ? 'no failure was told' : failuresInWords(failures);
  const refusals = askedAgents(subject, slots).map((slot) => whyNot(subject, slot));
  const suitable = refusals.filter((each) => each?.reason !== 'unsuitable');
  if (suitable.length > 0 && suitable.every((each) => each?.reason === 'excluded')) {
    const who = suitable.map((each) => each?.detail).join('; ');
    return { reason: 'agents_excluded', detail: `${tried}, no agent is left: ${who} (${facts})` };
  }
  const unsuited = suitable.length === 0 ? whyUnsuited(subject, slots, refusals) : null;
  if (unsuited !== null) return unsuited;
  if (attempts >= limits.lifetime)
    return {
      reason: 'lifetime_used_up',
      detail: `${tried}, and ${limits.lifetime} are allowed: ${facts}`,
    };
  if (waitsInRow >= limits.maxWaits)
    return {
      reason: 'waits_used_up',
      detail: `it waited ${times(waitsInRow)} in a row for a provider, and ${limits.maxWaits} are allowed: ${facts}`,
    };
  if (handOvers >= limits.lifetime)
    return {
      reason: 'hand_overs_used_up',
      detail: `parts of it were handed over ${times(handOvers)}, and ${limits.lifetime} are allowed: ${facts}`,
    };
  return null;
}

/** Whom one cycle leaves out is no reason to ask people: the next one has them again. */
function ofAllAgents(subject: Subject): Subject {
  const { rules } = subject;
  if (rules.isForOnce !== true) return subject;
  return { ...subject, rules: { ...rules, strategy: { name: 'best-match', agent: null } } };
}

/** No agent is suitable: asked of people where the risk is why, or the configuration says so. */
function whyUnsuited(
  { assessment: { risk }, rules }: Subject,
  slots: readonly Slot[],
  refusals: readonly (WhyNot | null)[],
): Escalation | null {
  const who = refusals.map((each) => each?.detail).join('; ');
  if (risk?.isHigh && refusals.length > 0) {
    const isAny = slots.some(({ mayTakeHighRisk }) => mayTakeHighRisk);
    const why = isAny ? `no agent with high_risk is suitable: ${who}` : 'no agent has high_risk';
    const high = `its risk is ${risk.score} of 10 (${risk.detail}), high from ${risk.threshold} on`;
    return { reason: 'high_risk', detail: `${high}, and ${why}` };
  }
  if (!rules.escalatesUnsuitable || refusals.length === 0) return null;
  return { reason: 'no_suitable_agent', detail: `no agent is suitable: ${who}` };
}

/** "a: 3 × agent, 1 × gate; b: 2 × no_progress; last: exit code 1" */
function failuresInWords(failures: readonly Failure[]): string {
  const agents = [...new Set(failures.map(({ agent }) => agent))];
  const counts = agents.map((agent) => {
    const own = failures.filter((failure) => failure.agent === agent);
    const classes = [...new Set(own.map(({ failed }) => failed))];
    const each = classes.map(
      (failed) => `${own.filter((failure) => failure.failed === failed).length} × ${failed}`,
    );
    return `${agent}: ${each.join(', ')}`;
  });
  // An agent may have written a book into it.
  const last = failures.at(-1)?.reason?.slice(0, 300);
  return [...counts, ...(last ? [`last: ${last}`] : [])].join('; ');
}
