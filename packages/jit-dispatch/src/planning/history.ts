import { ESCALATED_LABEL, type FailureClass } from '@jit/contract/vocabulary';
import { HANDED_OVER } from './hand-over.ts';

/** A line of the tracker's log, as far as decisions need it; what a type does not have is null. */
export interface HistoryEvent {
  readonly type: string;
  readonly at: string;
  readonly actor: string;
  readonly attempt: number | null;
  readonly assignee: string | null;
  readonly reason: string | null;
  readonly failed: FailureClass | null;
  readonly labels: { readonly from: readonly string[]; readonly to: readonly string[] } | null;
}

/** A failure that says something about who failed. */
export interface Failure {
  readonly agent: string;
  readonly failed: FailureClass;
  readonly attempt: number | null;
  readonly at: string;
  readonly reason: string | null;
}

/** What was tried since a person last cleared the escalation of an issue, or ever. */
export interface IssueHistory {
  /** Oldest first. */
  readonly failures: readonly Failure[];
  /** Attempts that count against the lifetime limit. */
  readonly attempts: number;
  /** How often in a row its last attempts ended because a provider asked for patience. */
  readonly waitsInRow: number;
  /** How often an agent handed parts of it over. They are no attempts. */
  readonly handOvers: number;
}

/** Nothing was tried yet. */
export const NO_HISTORY: IssueHistory = { failures: [], attempts: 0, waitsInRow: 0, handOvers: 0 };

/** Says nothing about the work: the provider asked for patience, or the tracker was away. */
const NO_ATTEMPT: readonly FailureClass[] = ['rate_limit', 'tracker'];

/**
 * Reads the log of an issue. Everything before the last time a person took the label off is
 * forgotten. An attempt is a claim, but not one that only waited for a provider, lost the tracker, or
 * was given back by a dispatcher that stopped.
 * @param attempt the issue's own count of claims
 */
export function readHistory(events: readonly HistoryEvent[], attempt: number): IssueHistory {
  const cleared = events.findLastIndex(isClear);
  const before = events.slice(0, cleared + 1);
  const ends = claimEnds(events.slice(cleared + 1));
  const begun = before.reduce((most, event) => Math.max(most, event.attempt ?? 0), 0);
  const free = new Set(ends.filter((end) => !isAttempt(end)).map((end) => end.attempt));
  return {
    failures: ends.flatMap((end) => failureOf(end) ?? []),
    attempts: Math.max(0, attempt - begun - free.size),
    waitsInRow: countWaits(ends),
    handOvers: ends.filter(isHandOver).length,
  };
}

function isClear({ labels }: HistoryEvent): boolean {
  if (labels === null) return false;
  return labels.from.includes(ESCALATED_LABEL) && !labels.to.includes(ESCALATED_LABEL);
}

/** The last word about each claim: one that lapsed may have been taken up again and released. */
function claimEnds(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const ends = events.filter(({ type }) => type === 'claim_released' || type === 'claim_expired');
  return ends.filter(
    (end, at) =>
      end.type === 'claim_released' ||
      !ends.slice(at + 1).some(({ attempt }) => attempt === end.attempt),
  );
}

/** A lease that nobody renewed: the machine or the network of the agent was gone. */
function classOf({ type, failed }: HistoryEvent): FailureClass | null {
  return type === 'claim_expired' ? 'environment' : failed;
}

function isHandOver({ actor, failed, reason }: HistoryEvent): boolean {
  const isByDispatcher = actor.startsWith('jit-dispatch:');
  return isByDispatcher && failed === null && (reason ?? '').startsWith(HANDED_OVER);
}

function isAttempt(end: HistoryEvent): boolean {
  const failed = classOf(end);
  if (failed === null) return !end.actor.startsWith('jit-dispatch:');
  return !NO_ATTEMPT.includes(failed);
}

function failureOf(end: HistoryEvent): Failure | null {
  const failed = classOf(end);
  if (failed === null || NO_ATTEMPT.includes(failed) || end.assignee === null) return null;
  const { assignee: agent, attempt, at, reason } = end;
  return { agent, failed, attempt, at, reason };
}

function countWaits(ends: readonly HistoryEvent[]): number {
  const told = ends.map(classOf).filter((failed) => failed !== null && failed !== 'tracker');
  const others = told.findLastIndex((failed) => failed !== 'rate_limit');
  return told.length - 1 - others;
}
