import { JitError } from '@jit/contract/errors';
import type { Ledger } from '../ledger/ledger.ts';
import type { Run } from '../ledger/run.ts';
import type { Claims } from '../planning/choose-agent.ts';
import { type Decision, planCycle } from '../planning/plan-cycle.ts';
import type { Tracker, TrackerIssue } from '../tracker/tracker.ts';
import type { Dispatcher } from './dispatcher.ts';
import { escalate, timesPostponed } from './escalation/escalate.ts';
import { keepEscalations } from './escalation/keep-escalations.ts';
import { readHealths } from './looking/agent-healths.ts';
import { readHistories } from './looking/read-histories.ts';
import { keepOrders } from './orders/keep-orders.ts';
import { readRefusedClaims } from './refused-claims.ts';
import { type SettledRun, settleRuns } from './settling/settle-runs.ts';
import { type Acted, act } from './starting/act.ts';
import { cancelCreated } from './starting/cancel-created.ts';
import { reconcile } from './watching/reconcile.ts';
import { stopTakenBack } from './watching/stop-taken-back.ts';

/** What one cycle saw, decided and did. */
export interface CycleResult extends Omit<Acted, 'canceled'> {
  /** Ready issues, or null where none were asked for. */
  readonly ready: number | null;
  readonly decisions: readonly Decision[];
  readonly settled: readonly SettledRun[];
  /** When the next agent has rested, in milliseconds, or null. */
  readonly wakeAt: number | null;
}

/** How far a cycle goes. */
export interface CycleOptions {
  /** False while stopping: runs are settled, none is started. Asked anew before every step. */
  readonly mayStart: () => boolean;
  readonly maxStarts: number | null;
  /** The only issues that may be started, or null for all. */
  readonly only?: ReadonlySet<string> | null;
  /** Told what was decided before it is done. */
  readonly onPlan?: (decisions: readonly Decision[]) => void;
}

/**
 * One cycle: settle what ended, look at what is ready, plan, act. Throws what the tracker throws;
 * everything that concerns a single issue is settled with that issue.
 */
export async function runCycle(
  dispatcher: Dispatcher,
  { mayStart, maxStarts, only = null, onPlan }: CycleOptions,
): Promise<CycleResult> {
  const { created, finished } = await reconcile(dispatcher);
  const settled = await settleRuns(dispatcher, finished, mayStart);
  await keepOrders(dispatcher);
  const isConfigured = (run: Run) => dispatcher.config.agents.some(({ id }) => id === run.agent);
  const leftovers = mayStart() ? created.filter(isConfigured) : [];
  const dropped = created.filter((run) => !leftovers.includes(run));
  const ended = [...settled, ...unstarted(await cancelCreated(dispatcher, dropped))];
  const nothing = {
    ready: null,
    decisions: [],
    settled: ended,
    started: [],
    lost: [],
    wakeAt: null,
  };
  if (!mayStart()) return nothing;

  await keepEscalations(dispatcher);
  const runs = dispatcher.ledger.liveRuns();
  const planned = await plan(dispatcher, { now: dispatcher.now(), runs, maxStarts, only });
  const { ready, decisions, held, wakeAt } = planned;
  await stopTakenBack(dispatcher, runs, held);
  if (!mayStart()) return nothing;
  onPlan?.(decisions);
  const starts = decisions.flatMap((each) => (each.action === 'start' ? [each] : []));
  const { canceled, ...acted } = await act(dispatcher, { starts, leftovers, mayStart });
  await escalateSome(dispatcher, decisions);
  return { ready, decisions, settled: [...ended, ...unstarted(canceled)], wakeAt, ...acted };
}

/** So many in one cycle: each is a call of its own, and the others are still there in the next one. */
const MAX_ESCALATIONS = 20;

async function escalateSome(dispatcher: Dispatcher, decisions: readonly Decision[]): Promise<void> {
  // Those that could not be escalated before wait behind the others.
  const wanted = decisions
    .filter((each) => each.action === 'escalate')
    .sort(
      (a, b) => timesPostponed(dispatcher, a.issue.id) - timesPostponed(dispatcher, b.issue.id),
    );
  for (const { issue, reason, detail } of wanted.slice(0, MAX_ESCALATIONS))
    await escalate(dispatcher, {
      issue: issue.id,
      title: issue.title,
      reason,
      detail,
      state: 'ready',
    });
}

function unstarted(canceled: readonly Run[]): SettledRun[] {
  return canceled.map((run) => ({ run, restsUntil: null }));
}

/** What a plan is made from, besides the tracker. */
export interface PlanOptions {
  readonly now: Date;
  readonly runs: readonly Run[];
  readonly maxStarts: number | null;
  readonly only: ReadonlySet<string> | null;
}

/** Looks and plans, and changes nothing. */
export async function plan(
  { config, tracker, ledger }: Pick<Dispatcher, 'config' | 'tracker'> & { ledger: Ledger | null },
  { now, runs, maxStarts, only }: PlanOptions,
): Promise<{ ready: number; decisions: Decision[]; held: Held; wakeAt: number | null }> {
  const ids = config.agents.map(({ id }) => id);
  const [all, held] = await Promise.all([tracker.ready(), readHeld(tracker, ids)]);
  const ready = only === null ? all : all.filter(({ id }) => only.has(id));
  const histories = await readHistories(tracker, ready);
  const refused = await readRefusedClaims(tracker, ledger, { ready, now });
  const healths = readHealths(config, ledger, now);
  const { maxConcurrent, retry, qa, rateLimit } = config;
  const decisions = planCycle({
    ready: ready.map((issue) => ({ ...issue, key: issue.id, repository: '' })),
    agents: config.agents.map((agent) => ({
      ...agent,
      health: healths.get(agent.id) ?? { is: 'well' },
    })),
    claims: toClaims(held),
    runs,
    maxConcurrent,
    maxStarts,
    histories,
    refused,
    limits: {
      attemptsPerAgent: retry.attemptsPerAgent,
      gateFailuresPerAgent: qa.attemptsPerAgent,
      lifetime: retry.lifetime,
      maxWaits: rateLimit.maxWaits,
    },
  });
  const rests = [...healths.values()].flatMap((each) => (each.is === 'resting' ? each.until : []));
  const wakeAt = rests.length === 0 ? null : Math.min(...rests);
  return { ready: ready.length, decisions, held, wakeAt };
}

/** The issues that each agent holds. */
export type Held = ReadonlyMap<string, readonly TrackerIssue[]>;

/** The same by their ids. */
export function toClaims(held: Held): Claims {
  return new Map([...held].map(([agent, issues]) => [agent, issues.map(({ id }) => id)]));
}

/** Asks the tracker what each agent holds. */
export async function readHeld(tracker: Tracker, agents: readonly string[]): Promise<Held> {
  const answers = await tracker.call(agents.map((agent) => ({ do: 'assigned', agent })));
  const held = (issues: readonly TrackerIssue[]) => issues.filter((issue) => issue.isClaimed);
  return new Map(
    agents.map((agent, index) => {
      const answer = answers[index];
      // Whoever never claimed anything may be unknown to the tracker.
      if (answer?.is === 'ok') return [agent, held(answer.issues)];
      if (answer?.is === 'refused' && answer.exit === 3) return [agent, []];
      throw unansweredClaims(agent, answer?.message ?? 'no answer');
    }),
  );
}

function unansweredClaims(agent: string, message: string): JitError {
  const text = `the tracker does not say what ${agent} holds: ${message}`;
  return new JitError('external', 'TRACKER_FAILED', text, {
    hint: `see \`jit query assignee ${agent}\``,
  });
}
