import type { IssueHistory } from '../history.ts';

/** What failed work may cost, of the configuration. */
export interface Limits {
  /** Failures of one agent at an issue until it is excluded. */
  readonly attemptsPerAgent: number;
  /** The same for work that did not pass its gates. */
  readonly gateFailuresPerAgent: number;
  /** Attempts at an issue until a person has to look. */
  readonly lifetime: number;
  /** Waits for a provider in a row until a person has to look. */
  readonly maxWaits: number;
}

/** Why an agent gets an issue no more, or null if it may have it. */
export function whyExcluded(
  agent: string,
  { failures }: IssueHistory,
  limits: Limits,
): string | null {
  const own = failures.filter((failure) => failure.agent === agent);
  const gates = own.filter(({ failed }) => failed === 'gate').length;
  if (own.length - gates >= limits.attemptsPerAgent)
    return `${times(own.length - gates)} failed at it`;
  return gates >= limits.gateFailuresPerAgent ? `${times(gates)} did not pass its gates` : null;
}

/** Whose work just failed a gate gets it back before others: it knows the work best. */
export function hasRework(agent: string, { failures }: IssueHistory): boolean {
  const last = failures.at(-1);
  return last?.failed === 'gate' && last.agent === agent;
}

/** "3 times", "once" */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
