import type { DispatchConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Run } from '../../ledger/run.ts';
import type { Successes } from '../../ledger/successes.ts';
import type { Claims } from '../../planning/choosing/candidate.ts';
import type { OccupiedSlot } from '../../planning/choosing/capacity.ts';
import {
  type Decision,
  type OnDecision,
  planCycle,
  type Snapshot,
} from '../../planning/plan-cycle.ts';
import { type HealthFacts, judgeHealths, readHealthFacts } from './agent-healths.ts';
import { assessReady } from './assess-ready.ts';
import { candidatesOf } from './candidates-of.ts';
import { toClaims } from './held.ts';
import { issueKey } from './issue-key.ts';
import type { Sight } from './look.ts';
import { circumstancesOf, type OrderFacts, readOrderFacts } from './order-facts.ts';
import { readSuccesses } from './read-successes.ts';

/** What this dispatcher itself knows of a repository, whether its tracker answers or not. */
export interface Known {
  readonly repository: string;
  /** Its live runs: they take room wherever they are. */
  readonly runs: readonly Run[];
  readonly health: HealthFacts;
  readonly order: OrderFacts;
  readonly successes: readonly Successes[];
}

/** Reads what a ledger knows. */
export function readKnown(
  { repository, ledger }: { readonly repository: string; readonly ledger: Ledger | null },
  config: DispatchConfig,
  now: Date,
): Known {
  const runs = ledger?.liveRuns() ?? [];
  const health = readHealthFacts(config, ledger, now);
  const order = readOrderFacts({ repository, ledger }, now);
  return { repository, runs, health, order, successes: readSuccesses(config, ledger, now) };
}

/** What a plan is made from, besides what the trackers say. */
export interface PlanOptions {
  readonly config: DispatchConfig;
  readonly now: Date;
  readonly known: readonly Known[];
  /** Why this machine takes no more work, or null. */
  readonly noRoom: string | null;
  readonly maxStarts: number | null;
  /** Told of each decision and of what it was made from. */
  readonly onDecision?: OnDecision;
}

/** What is to be done in all repositories. */
export interface JointPlan {
  readonly decisions: readonly Decision[];
  /** When the next agent has rested, in milliseconds, or null. */
  readonly wakeAt: number | null;
  readonly claims: Claims;
  /** Live runs of all repositories, by key. */
  readonly runs: readonly OccupiedSlot[];
}

/**
 * One plan for all repositories that could be looked at (invariant ONE-PLAN): an agent's room and health and
 * `max_concurrent` are over all of them. Changes nothing.
 */
export function planTogether(
  sights: readonly Sight[],
  { config, now, known, noRoom, maxStarts, onDecision }: PlanOptions,
): JointPlan {
  const healths = judgeHealths(
    config,
    known.map(({ health }) => health),
    now,
  );
  const { maxConcurrent, retry, qa, rateLimit } = config;
  const claims = joinClaims(sights);
  const runs = known.flatMap(({ repository, runs }) =>
    runs.map((run) => ({ ...run, issue: issueKey(repository, run.issue), repository })),
  );
  const sites = known.map(({ repository, order }) => {
    const sight = sights.find((each) => each.repository === repository);
    const weight = config.repositories.find(({ name }) => name === repository)?.weight ?? 1;
    return { weight, facts: order, held: sight?.held ?? new Map(), states: sight?.states ?? null };
  });
  const { choosing } = config;
  const listed = sights.flatMap(({ repository, ready }) =>
    ready.map((issue) => ({ issue, key: issueKey(repository, issue.id), repository })),
  );
  const assessments = assessReady(
    config,
    listed,
    joinByKey(sights, ({ told }) => told),
  );
  const snapshot: Snapshot = {
    ready: listed.flatMap(({ issue, key, repository }) => {
      const assessment = assessments.get(key);
      return assessment === undefined ? [] : [{ ...issue, key, repository, assessment }];
    }),
    agents: candidatesOf(config, {
      healths,
      turns: sights.map(({ turns }) => turns),
      successes: known.flatMap(({ successes }) => successes),
    }),
    rules: choosing,
    claims,
    runs,
    maxConcurrent,
    maxStarts,
    histories: joinByKey(sights, ({ histories }) => histories),
    refused: joinByKey(sights, ({ refused }) => refused),
    limits: {
      attemptsPerAgent: retry.attemptsPerAgent,
      gateFailuresPerAgent: qa.attemptsPerAgent,
      lifetime: retry.lifetime,
      maxWaits: rateLimit.maxWaits,
    },
    ...circumstancesOf(config, { now, noRoom, sites }),
  };
  const decisions = planCycle(snapshot, onDecision);
  const rests = [...healths.values()].flatMap((each) => (each.is === 'resting' ? each.until : []));
  const wakeAt = rests.length === 0 ? null : Math.min(...rests);
  return { decisions, wakeAt, claims, runs };
}

function joinClaims(sights: readonly Sight[]): Claims {
  const claims = new Map<string, string[]>();
  for (const { held, repository } of sights)
    for (const [agent, keys] of toClaims(held, repository))
      claims.set(agent, [...(claims.get(agent) ?? []), ...keys]);
  return claims;
}

function joinByKey<T>(
  sights: readonly Sight[],
  of: (sight: Sight) => ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  return new Map(
    sights.flatMap((sight) =>
      [...of(sight)].map(([id, value]) => [issueKey(sight.repository, id), value] as const),
    ),
  );
}
