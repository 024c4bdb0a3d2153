import type { DispatchConfig } from '../../config/config.ts';
import type { WorkLimit } from '../../config/operating.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { CheckedHealth } from '../../planning/agent-health.ts';
import type { Circumstances, StateCounts } from '../../planning/circumstances.ts';
import type { Tracker, TrackerIssue } from '../../tracker/tracker.ts';
import { issueKey } from './issue-key.ts';

/** What the ledger of a repository says about the order of work there. */
export interface OrderFacts {
  readonly repository: string;
  /** Why nothing is started there for now, or null. */
  readonly paused: string | null;
  /** Since when issues wait for an agent, by key. */
  readonly waitingForAgents: ReadonlyMap<string, string>;
  /** Runs that began lately. */
  readonly recent: number;
}

/** So far back runs decide between repositories whose shares are otherwise equal. */
const RECENT_MS = 24 * 3_600_000;

/** Reads what a ledger says about the order of work; nothing where there is none. */
export function readOrderFacts(
  { repository, ledger }: { readonly repository: string; readonly ledger: Ledger | null },
  now: Date,
): OrderFacts {
  const scopes = ['*', `repository:${repository}`];
  const hold = ledger?.holds(now.toISOString()).find(({ scope }) => scopes.includes(scope));
  const waiting = (ledger?.waits() ?? []).flatMap(({ issue, agents_since }) =>
    agents_since === null ? [] : [[issueKey(repository, issue), agents_since] as const],
  );
  return {
    repository,
    paused: hold === undefined ? null : holdInWords(hold),
    waitingForAgents: new Map(waiting),
    recent: ledger?.countBegun(new Date(now.getTime() - RECENT_MS).toISOString()) ?? 0,
  };
}

/** What people and health checks say about agents in a ledger. */
export interface AgentWords {
  /** Why agents are paused. */
  readonly paused: ReadonlyMap<string, string>;
  readonly checked: ReadonlyMap<string, CheckedHealth>;
}

const AGENT = 'agent:';

/** Reads what a ledger says about agents; nothing where there is none. */
export function readAgentWords(ledger: Ledger | null, now: Date): AgentWords {
  const holds = ledger?.holds(now.toISOString()) ?? [];
  return {
    paused: new Map(
      holds.flatMap((hold) =>
        hold.scope.startsWith(AGENT)
          ? [[hold.scope.slice(AGENT.length), holdInWords(hold)] as const]
          : [],
      ),
    ),
    checked: new Map(
      (ledger?.healthChecks() ?? []).map(({ agent, is_well, detail, at }) => [
        agent,
        { isWell: is_well !== 0, detail, at },
      ]),
    ),
  };
}

/** "by ana since …, until …: deploy" */
function holdInWords(hold: { who: string; since: string; until: string | null; reason: string }) {
  const end = hold.until === null ? '' : ` until ${hold.until}`;
  return `by ${hold.who} since ${hold.since}${end}${hold.reason === '' ? '' : `: ${hold.reason}`}`;
}

/** How many issues are in the states that limits name; null where none names one, and nothing is asked. */
export async function readStates(
  tracker: Tracker,
  limits: readonly WorkLimit[],
): Promise<StateCounts | null> {
  const states = [...new Set(limits.flatMap(({ state }) => state ?? []))];
  if (states.length === 0) return null;
  const counts = { in_progress: 0, gated: 0 };
  for (const state of states) counts[state] = (await tracker.inState(state)).length;
  return counts;
}

/** What a plan is told about one repository. */
export interface OrderSite {
  readonly weight: number;
  readonly facts: OrderFacts;
  /** What agents of this dispatcher hold there. */
  readonly held: ReadonlyMap<string, readonly TrackerIssue[]>;
  readonly states: StateCounts | null;
}

/** What a plan depends on besides the work itself, of all repositories in the order of the configuration. */
export function circumstancesOf(
  { order, limits }: Pick<DispatchConfig, 'order' | 'limits'>,
  { now, noRoom, sites }: { now: Date; noRoom: string | null; sites: readonly OrderSite[] },
): Circumstances {
  const facts = sites.map((site) => site.facts);
  return {
    now: now.getTime(),
    age: { stepHours: order.ageStepHours, maxSteps: order.ageMaxSteps },
    stealAfterSecs: order.stealAfterSecs,
    repositories: sites.map(({ weight, facts: { repository: name, recent } }) => ({
      name,
      weight,
      recent,
    })),
    workLimits: limits,
    work: sites.flatMap(({ facts: { repository }, held }) =>
      [...held.values()].flat().map(({ id, labels }) => ({
        key: issueKey(repository, id),
        repository,
        labels,
      })),
    ),
    states: new Map(
      sites.flatMap(({ facts: { repository }, states }) =>
        states === null ? [] : [[repository, states] as const],
      ),
    ),
    paused: new Map(
      facts.flatMap(({ repository, paused }) =>
        paused === null ? [] : [[repository, paused] as const],
      ),
    ),
    noRoom,
    waitingForAgents: new Map(facts.flatMap((each) => [...each.waitingForAgents])),
  };
}
