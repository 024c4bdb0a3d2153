import { isLeased } from '../../config/agent-kinds.ts';
import type { AgentConfig } from '../../config/config.ts';
import type { Run } from '../../ledger/run.ts';
import type { TrackerAnswer, TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { isRefusedForGood, markIssues } from '../refused-claims.ts';
import { forgetPostponed, sayPostponed } from '../say-postponed.ts';
import { cancelCreated } from './cancel-created.ts';
import { createRun, type Start } from './create-run.ts';
import { withFeedback } from './feedback.ts';
import { isPaused } from './paused-start.ts';
import { openPrompts } from './prompts.ts';
import { reserveStolen } from './reserve-stolen.ts';
import { type Granted, startAgents } from './start-agents.ts';

/** A claim that was not given to us: normal where several work on one repository. */
export interface LostClaim {
  readonly issue: string;
  readonly agent: string;
  readonly code: string;
  readonly message: string;
}

/** What came of the starts. */
export interface Acted {
  readonly started: readonly Run[];
  readonly lost: readonly LostClaim[];
  /** Claimed when the word to stop came: given back, never started. */
  readonly canceled: readonly Run[];
}

/** What is to be started. */
export interface Plan {
  readonly starts: readonly Start[];
  /** Runs of an earlier cycle whose claim was never answered. */
  readonly leftovers: readonly Run[];
  /** Asked again once the claims are answered, which takes a while. */
  readonly mayStart: () => boolean;
  /** How many issues an agent may hold in this repository. */
  readonly maxHeld: (agent: AgentConfig) => number;
}

interface Order {
  readonly run: Run;
  readonly agent: AgentConfig;
}

/**
 * Starts what was decided: journals the runs with their tokens, claims all issues in one go,
 * journals what was claimed, starts the agents. For `leftovers` the same call is made again, and is
 * ours or is lost (invariant TOKEN-FIRST).
 */
export async function act(
  dispatcher: Dispatcher,
  { starts, leftovers, mayStart, maxHeld }: Plan,
): Promise<Acted> {
  const runs = starts.map((start) => createRun(dispatcher, start));
  const decided = new Map(runs.map(({ run }, index) => [run, starts[index]?.record?.whole]));
  // Where a pause came first, whoever drains sees no run; where the run did, they wait for it.
  const fresh = dispatcher.ledger.create(
    runs,
    (run) => !isPaused(dispatcher, run),
    ({ run }) => decided.get(run),
  );
  if (fresh.length > 0) dispatcher.step('created');
  await reserveStolen(
    dispatcher,
    starts.filter(({ issue }) => fresh.some((run) => run.issue === issue.id)),
  );
  const orders = [...leftovers, ...fresh].flatMap((run) => {
    const agent = dispatcher.config.agents.find(({ id }) => id === run.agent);
    return agent ? [{ run, agent }] : [];
  });
  const leasedAtMs = dispatcher.uptimeMs();
  const claims = await dispatcher.tracker.call(
    orders.map((order) => claimOf(dispatcher, order, maxHeld)),
  );
  if (orders.length > 0) dispatcher.step('claimed');
  const older = orders
    .filter(({ run, agent }) => leftovers.includes(run) && isLeased(agent))
    .map(({ run }) => run);
  const answers = await withFeedback(dispatcher, claims);
  const promptFor = await openPrompts(dispatcher, orders, answers);
  const fresher = await renewLeftovers(dispatcher, older, answers);
  const hopeless = orders.filter((_, index) => isRefusedForGood(claims[index]));
  const marks = await markIssues(
    dispatcher.tracker,
    hopeless.map(({ run }) => run.issue),
  );
  const granted: Granted[] = [];
  const lost: LostClaim[] = [];
  for (const [index, order] of orders.entries()) {
    const renewal = fresher.get(order.run.run);
    const answer =
      renewal !== undefined && renewal.answer.is !== 'ok' ? renewal.answer : answers[index];
    const issue = answer?.is === 'ok' ? answer.issues[0] : undefined;
    if (issue === undefined) {
      const refusal = refuse(dispatcher, order, { answer, seen: marks.get(order.run.issue) });
      if (refusal !== null) lost.push(refusal);
      continue;
    }
    forgetPostponed(dispatcher, order.run);
    granted.push({ ...order, issue, leasedAtMs: renewal?.askedAtMs ?? leasedAtMs });
  }
  const { started, unwanted } = startAgents(dispatcher, granted, { promptFor, mayStart });
  return { started, lost, canceled: await cancelCreated(dispatcher, unwanted) };
}

/** A renewed lease, or why it is none. */
interface Renewal {
  readonly answer: TrackerAnswer;
  readonly askedAtMs: number;
}

/**
 * The claim of a leftover was given in an earlier cycle, and repeating the call does not make its lease
 * longer: it is renewed before an agent starts under it.
 */
async function renewLeftovers(
  dispatcher: Dispatcher,
  leftovers: readonly Run[],
  answers: readonly TrackerAnswer[],
): Promise<ReadonlyMap<string, Renewal>> {
  const granted = leftovers.filter((_, index) => answers[index]?.is === 'ok');
  if (granted.length === 0) return new Map();
  const askedAtMs = dispatcher.uptimeMs();
  const renewals = await dispatcher.tracker.call(
    granted.map(({ issue, token }) => ({ do: 'heartbeat', issue, token })),
  );
  return new Map(
    granted.map(({ run }, index) => [
      run,
      { answer: renewals[index] ?? { is: 'unknown', message: 'no answer' }, askedAtMs },
    ]),
  );
}

function claimOf(
  { config }: Dispatcher,
  { run, agent }: Order,
  maxHeld: Plan['maxHeld'],
): TrackerCall {
  return {
    do: 'claim',
    issue: run.issue,
    agent: agent.id,
    token: run.token,
    ttlSecs: isLeased(agent) ? config.leaseSecs : null,
    maxHeld: maxHeld(agent),
    taskType: run.task_type,
    agentTitle: agent.title,
  };
}

/** Somebody else was first, or the agent is full by now: normal, and no reason to ask for the same again. */
const CONFLICT = 6;

function refuse(
  dispatcher: Dispatcher,
  { run }: Order,
  { answer, seen }: { answer: TrackerAnswer | undefined; seen: string | undefined },
): LostClaim | null {
  const { issue, agent } = run;
  if (answer?.is !== 'refused' || (answer.retryable && answer.exit !== CONFLICT)) {
    const message = answer?.is === 'ok' || answer === undefined ? 'no answer' : answer.message;
    // It stays `created`: the next cycle asks again with the same token.
    sayPostponed(dispatcher, run, `claim not answered: ${message}`);
    return null;
  }
  forgetPostponed(dispatcher, run);
  const { code, message, exit } = answer;
  const at = dispatcher.now().toISOString();
  dispatcher.ledger.record(
    run.run,
    { type: 'lost', at, data: { code, message, exit, ...(seen !== undefined && { seen }) } },
    { state: 'lost', reason: code, detail: message, ended_at: at },
  );
  dispatcher.log({
    level: 'info',
    event: 'lost',
    message,
    issue,
    agent,
    run: run.run,
    reason: code,
  });
  return { issue, agent, code, message };
}
