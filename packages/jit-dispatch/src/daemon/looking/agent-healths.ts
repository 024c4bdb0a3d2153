import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type AccountPause, healthOf } from '../../planning/agent-health.ts';
import type { AgentHealth, EndedAttempt } from '../../planning/breaker.ts';
import { joinRuns } from './join-runs.ts';
import { type AgentWords, readAgentWords } from './order-facts.ts';

/** So many runs of an agent say how it does. */
const LATEST = 200;

/** What one ledger tells about how agents do. */
export interface HealthFacts extends AgentWords {
  readonly pauses: readonly AccountPause[];
  /** The latest runs of each agent, oldest first. */
  readonly runs: ReadonlyMap<string, readonly EndedAttempt[]>;
}

type Agents = Pick<DispatchConfig, 'agents' | 'breaker'>;

/** Reads what a ledger tells about how agents do; nothing where there is none. */
export function readHealthFacts({ agents }: Agents, ledger: Ledger | null, now: Date): HealthFacts {
  return {
    ...readAgentWords(ledger, now),
    pauses: ledger?.pauses(now.toISOString()) ?? [],
    runs: new Map(
      agents.map(({ id }) => [id, ledger?.runs({ agent: id, limit: LATEST }).reverse() ?? []]),
    ),
  };
}

/** How each agent does, by what all ledgers tell: whether it rests, and until when, is paused or ill. */
export function judgeHealths(
  { agents, breaker }: Agents,
  facts: readonly HealthFacts[],
  now: Date,
): ReadonlyMap<string, AgentHealth> {
  // The longest pause of an account first: that one counts.
  const pauses = facts
    .flatMap((each) => each.pauses)
    .sort((a, b) => Date.parse(b.until) - Date.parse(a.until));
  return new Map(
    agents.map(({ id, account, health }) => {
      const runs = joinRuns(facts.map((each) => each.runs.get(id) ?? [])).slice(-LATEST);
      const paused = facts.flatMap((each) => each.paused.get(id) ?? [])[0] ?? null;
      const checks = facts.flatMap(({ checked }) => checked.get(id) ?? []);
      const last = checks.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
      const check = health === null ? null : { everySecs: health.intervalSecs, last };
      const own = { account, paused, check, runs, pauses };
      return [id, healthOf({ ...own, rules: breaker, now: now.getTime() })];
    }),
  );
}

/** How each agent does, by the ledgers of all repositories. */
export function readHealths(
  config: Agents,
  ledgers: readonly (Ledger | null)[],
  now: Date,
): ReadonlyMap<string, AgentHealth> {
  const facts = ledgers.map((ledger) => readHealthFacts(config, ledger, now));
  return judgeHealths(config, facts, now);
}
