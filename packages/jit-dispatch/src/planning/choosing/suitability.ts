import type { WorkClass } from '@jit/contract/vocabulary';
import { foldName } from '../assessing/issue-text.ts';
import { isMeant } from '../assessing/wishes.ts';
import type { Candidate } from './candidate.ts';
import { isReservedFor } from './reservation.ts';
import type { Subject } from './subject.ts';

type Facts = Pick<
  Candidate,
  'id' | 'role' | 'tags' | 'capabilities' | 'skills' | 'class' | 'mayTakeHighRisk'
>;

/**
 * Why an agent is not one for this issue, whatever its room and health; null if it is. A person's word
 * stands above it: whom an issue is reserved for may have it, but `only:` asks nobody else.
 */
export function whyUnsuitable(subject: Subject, agent: Facts): string | null {
  const { assessment, rules } = subject;
  const { strategy } = rules;
  if (strategy.name === 'only' && strategy.agent !== agent.id)
    return `only ${strategy.agent} is asked (strategy)`;
  if (isReservedFor(subject, agent.id)) return null;
  const { wishes, role, needs } = assessment;
  if (wishes.exclude.some((each) => isMeant(each, agent.id))) return 'excluded by a wish';
  if (role !== null && foldName(role) !== foldName(agent.role ?? ''))
    return agent.role === null
      ? `has no role, ${role} is asked for`
      : `is ${agent.role}, ${role} is asked for`;
  const has = new Set([...agent.tags, ...agent.capabilities, ...agent.skills].map(foldName));
  const missing = needs.filter((need) => !has.has(need));
  if (missing.length > 0) return `lacks ${missing.join(', ')}`;
  return whyNotFor(subject, agent) ?? whyTooRisky(subject, agent);
}

/** Who may have work of a class: a hybrid agent is a person with a program, a human one a person alone. */
const TAKERS: Readonly<Record<WorkClass, readonly WorkClass[]>> = {
  human: ['human'],
  hybrid: ['hybrid', 'human'],
  ai: ['ai', 'hybrid'],
};
/** Where nobody is sure, a person has to be there. */
const WITH_A_PERSON: readonly WorkClass[] = ['human', 'hybrid'];

function whyNotFor({ assessment: { classed } }: Subject, agent: Facts): string | null {
  if (classed?.is !== 'classed') return null;
  const { classification } = classed;
  const takers = classification.isUnsure ? WITH_A_PERSON : TAKERS[classification.class];
  if (takers.includes(agent.class)) return null;
  return classification.isUnsure
    ? `is ${agent.class}, and it is not sure that this is ${classification.class} work (${classification.confidence})`
    : `is ${agent.class}, this is ${classification.class} work`;
}

/** Whether an agent may have work of that risk. */
export function whyTooRisky(
  { assessment: { risk } }: Pick<Subject, 'assessment'>,
  agent: Pick<Facts, 'mayTakeHighRisk'>,
): string | null {
  if (risk === null || !risk.isHigh || agent.mayTakeHighRisk) return null;
  return `gets no work of high risk (${risk.score} of 10, threshold ${risk.threshold})`;
}
