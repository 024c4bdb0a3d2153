import { JitError } from '@jit/contract/errors';
import type { Run } from '../ledger/run.ts';
import { type Claims, type Decision, planCycle } from '../planning/plan-cycle.ts';
import type { Tracker, TrackerIssue } from '../tracker/tracker.ts';
import { type Acted, act } from './act.ts';
import { cancelCreated } from './cancel-created.ts';
import type { Dispatcher } from './dispatcher.ts';
import { reconcile } from './reconcile.ts';
import { type SettledRun, settleRuns } from './settle-runs.ts';
import { stopTakenBack } from './stop-taken-back.ts';

/** What one cycle saw, decided and did. */
export interface CycleResult extends Omit<Acted, 'canceled'> {
  /** Ready issues, or null where none were asked for. */
  readonly ready: number | null;
  readonly decisions: readonly Decision[];
  readonly settled: readonly SettledRun[];
}

/** How far a cycle goes. */
export interface CycleOptions {
  /** False while stopping: runs are settled, none is started. Asked anew before every step. */
  readonly mayStart: () => boolean;
  readonly maxStarts: number | null;
  /** Told what was decided before it is done. */
  readonly onPlan?: (decisions: readonly Decision[]) => void;
}

/**
 * One cycle: settle what ended, look at what is ready, plan, act. Throws what the tracker throws;
 * everything that concerns a single issue is settled with that issue.
 */
export async function runCycle(
  dispatcher: Dispatcher,
  { mayStart, maxStarts, onPlan }: CycleOptions,
): Promise<CycleResult> {
  const { created, finished } = await reconcile(dispatcher);
  const settled = await settleRuns(dispatcher, finished, mayStart);
  const isConfigured = (run: Run) => dispatcher.config.agents.some(({ id }) => id === run.agent);
  const leftovers = mayStart() ? created.filter(isConfigured) : [];
  const dropped = created.filter((run) => !leftovers.includes(run));
  const ended = [...settled, ...unstarted(await cancelCreated(dispatcher, dropped))];
  const nothing = { ready: null, decisions: [], settled: ended, started: [], lost: [] };
  if (!mayStart()) return nothing;

  const runs = dispatcher.ledger.liveRuns();
  const { ready, decisions, claims } = await plan(dispatcher, runs, maxStarts);
  await stopTakenBack(dispatcher, runs, claims);
  if (!mayStart()) return nothing;
  onPlan?.(decisions);
  const starts = decisions.flatMap((each) => (each.action === 'start' ? [each] : []));
  const { canceled, ...acted } = await act(dispatcher, { starts, leftovers, mayStart });
  return { ready, decisions, settled: [...ended, ...unstarted(canceled)], ...acted };
}

function unstarted(canceled: readonly Run[]): SettledRun[] {
  return canceled.map((run) => ({ run, restsUntil: null }));
}

/** Looks and plans, and changes nothing. */
export async function plan(
  { config, tracker }: Pick<Dispatcher, 'config' | 'tracker'>,
  runs: readonly Run[],
  maxStarts: number | null,
): Promise<{ ready: number; decisions: Decision[]; claims: Claims }> {
  const agents = config.agents.map(({ id }) => id);
  const [ready, claims] = await Promise.all([tracker.ready(), readClaims(tracker, agents)]);
  const { maxConcurrent } = config;
  const decisions = planCycle({
    ready,
    agents: config.agents,
    claims,
    runs,
    maxConcurrent,
    maxStarts,
  });
  return { ready: ready.length, decisions, claims };
}

/** Asks the tracker what each agent holds. */
export async function readClaims(tracker: Tracker, agents: readonly string[]): Promise<Claims> {
  const answers = await tracker.call(agents.map((agent) => ({ do: 'assigned', agent })));
  const held = (issues: readonly TrackerIssue[]) =>
    issues.filter((issue) => issue.isClaimed).map((issue) => issue.id);
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
