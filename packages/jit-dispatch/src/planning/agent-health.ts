import { type AgentHealth, type BreakerRules, type EndedAttempt, judgeAgent } from './breaker.ts';

/** An account whose provider asked for patience. */
export interface AccountPause {
  readonly account: string;
  readonly until: string;
  readonly reason: string;
}

/** What the last check of an agent's health said. */
export interface CheckedHealth {
  readonly isWell: boolean;
  readonly detail: string;
  /** When it was checked, RFC 3339. */
  readonly at: string;
}

/** What is known about an agent. */
export interface AgentFacts {
  readonly account: string;
  /** Why a person paused it, or null. */
  readonly paused?: string | null;
  /** How often its health is checked, in seconds, and what was said last; null: it is not checked. */
  readonly check?: { readonly everySecs: number; readonly last: CheckedHealth | null } | null;
  /** Its ended runs in the order in which they were created, oldest first. */
  readonly runs: readonly EndedAttempt[];
  readonly pauses: readonly AccountPause[];
  readonly rules: BreakerRules;
  /** In milliseconds. */
  readonly now: number;
}

/** A check that is missed so often is no longer worth anything. */
const MISSED = 3;
/** What a check may take besides its interval, in milliseconds. */
const GRACE_MS = 60_000;

/**
 * Whether an agent may start: not while a person paused it, nor while its check fails or was not made for
 * long; it rests while its account does, or while its breaker is open.
 */
export function healthOf(facts: AgentFacts): AgentHealth {
  const { account, runs, pauses, rules, now, paused = null } = facts;
  if (paused !== null) return { is: 'paused', why: paused };
  const ill = whyUnhealthy(facts);
  if (ill !== null) return { is: 'unhealthy', why: ill };
  const own = judgeAgent(runs, rules, now);
  const pause = pauses.find((each) => each.account === account);
  const until = pause === undefined ? Number.NaN : Date.parse(pause.until);
  if (pause === undefined || !(until > now)) return own;
  if (own.is === 'resting' && own.until >= until) return own;
  return { is: 'resting', until, why: `account ${account}: ${pause.reason}` };
}

function whyUnhealthy({ check = null, now }: AgentFacts): string | null {
  if (check === null) return null;
  const { last, everySecs } = check;
  if (last === null) return 'its health is not checked yet';
  const age = Math.abs(now - Date.parse(last.at));
  if (!(age <= everySecs * MISSED * 1000 + GRACE_MS))
    return `its health is not checked yet: the last time was ${last.at}`;
  return last.isWell ? null : last.detail;
}
