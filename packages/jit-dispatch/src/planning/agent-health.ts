import { type AgentHealth, type BreakerRules, type EndedAttempt, judgeAgent } from './breaker.ts';

/** An account whose provider asked for patience. */
export interface AccountPause {
  readonly account: string;
  readonly until: string;
  readonly reason: string;
}

/** What is known about an agent. */
export interface AgentFacts {
  readonly account: string;
  /** Its ended runs in the order in which they were created, oldest first. */
  readonly runs: readonly EndedAttempt[];
  readonly pauses: readonly AccountPause[];
  readonly rules: BreakerRules;
  /** In milliseconds. */
  readonly now: number;
}

/** Whether an agent may start: it rests while its account does, or while its breaker is open. */
export function healthOf({ account, runs, pauses, rules, now }: AgentFacts): AgentHealth {
  const own = judgeAgent(runs, rules, now);
  const pause = pauses.find((each) => each.account === account);
  const until = pause === undefined ? Number.NaN : Date.parse(pause.until);
  if (pause === undefined || !(until > now)) return own;
  if (own.is === 'resting' && own.until >= until) return own;
  return { is: 'resting', until, why: `account ${account}: ${pause.reason}` };
}
