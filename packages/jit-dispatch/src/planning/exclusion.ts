import type { IssueHistory } from './history.ts';

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

/**
 * How well an agent suits an issue after what was tried, the lowest first: whose work just failed a
 * gate knows it best; else those that did not fail it come before those that did.
 */
export function reworkRank(agent: string, { failures }: IssueHistory): number {
  const last = failures.at(-1);
  if (last?.failed === 'gate' && last.agent === agent) return 0;
  return failures.some((failure) => failure.agent === agent) ? 2 : 1;
}

/** "3 times", "once" */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
