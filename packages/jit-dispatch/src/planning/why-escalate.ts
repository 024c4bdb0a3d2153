import { askedAgents, type Slot, type Subject, whyNot } from './choose-agent.ts';
import { times } from './exclusion.ts';
import type { Failure } from './history.ts';

/** Why a person has to look at an issue. */
export type EscalationReason =
  | 'agents_excluded'
  | 'lifetime_used_up'
  | 'waits_used_up'
  | 'hand_overs_used_up';

/** Why, as a stable word and in words. */
export interface Escalation {
  readonly reason: EscalationReason;
  readonly detail: string;
}

/** Whether people have to look at an issue, because nothing that agents can do is left. */
export function whyEscalate(subject: Subject, slots: readonly Slot[]): Escalation | null {
  const { history, limits } = subject;
  const { attempts, waitsInRow, handOvers, failures } = history;
  const tried = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const facts = failures.length === 0 ? 'no failure was told' : failuresInWords(failures);
  const asked = askedAgents(subject, slots);
  const refusals = asked.map((slot) => whyNot(subject, slot));
  if (asked.length > 0 && refusals.every((each) => each?.reason === 'excluded')) {
    const who = refusals.map((each) => each?.detail).join('; ');
    return { reason: 'agents_excluded', detail: `${tried}, no agent is left: ${who} (${facts})` };
  }
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
