import { JitError } from '@jit/contract/errors';
import { isLeased } from '../../config/agent-kinds.ts';
import type { AgentConfig } from '../../config/config.ts';
import type { Run } from '../../ledger/run.ts';
import { RUN_FILES, type WorkspaceSpec } from '../../run-records.ts';
import { rulesText } from '../../runners/agent-rules.ts';
import { buildSpec } from '../../runners/command/build-spec.ts';
import type { TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { isRefusedForGood, markIssues } from '../refused-claims.ts';
import { forgetPostponed, sayPostponed } from '../say-postponed.ts';
import { cancelCreated } from './cancel-created.ts';
import { createRun, type Start } from './create-run.ts';
import { feedbackText, toVariable, withFeedback } from './feedback.ts';
import { isPaused } from './paused-start.ts';
import { openPrompts } from './prompts.ts';
import { reserveStolen } from './reserve-stolen.ts';
import { takeOver } from './take-over.ts';
import { workspaceFor } from './workspace-for.ts';

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

/** What an agent is started with. */
interface Given {
  readonly issue: TrackerIssue;
  readonly leasedAtMs: number;
  readonly prompt: string | null;
  readonly workspace: WorkspaceSpec | null;
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
  const started: Run[] = [];
  const lost: LostClaim[] = [];
  const unwanted: Run[] = [];
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
    if (!mayStart()) {
      unwanted.push(order.run);
      continue;
    }
    try {
      const since = renewal?.askedAtMs ?? leasedAtMs;
      forgetPostponed(dispatcher, order.run);
      const workspace = workspaceFor(dispatcher, order.run.issue);
      const prompt = promptFor({ ...order, workspace }, issue);
      const given = { issue, leasedAtMs: since, prompt, workspace };
      started.push(dispatch(dispatcher, order, given));
    } catch (error) {
      started.push(giveUp(dispatcher, order, { issue, error }));
    }
  }
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
  };
}

/** Journals the run as dispatched, then starts its keeper. */
function dispatch(
  dispatcher: Dispatcher,
  { run, agent }: Order,
  { issue, leasedAtMs, prompt, workspace }: Given,
): Run {
  const { host, ledger, place } = dispatcher;
  const { attempt } = issue;
  const subject = {
    run: run.run,
    issue: run.issue,
    attempt,
    token: run.token,
    leasedAtMs,
    issueJson: (agent.issueJson === 'env' ? toVariable : JSON.stringify)(forAgent(issue)),
    feedback: feedbackText(issue),
    prompt,
    workspace,
    taskType: run.task_type,
    earlier: takeOver(dispatcher, run, agent),
  };
  const { spec, files } = buildSpec(agent, subject, { ...place, runFolder: host.folder(run.run) });
  host.prepare(spec, { ...files, [RUN_FILES.rules]: rulesText(agent) });
  dispatcher.step('prepared');
  const at = dispatcher.now().toISOString();
  const log = `${host.folder(run.run)}/output.log`;
  const change = {
    state: 'dispatched',
    attempt,
    log,
    dispatched_at: at,
    workspace: workspace?.path ?? null,
  } as const;
  const data = { attempt, uptime_ms: dispatcher.uptimeMs() };
  if (workspace !== null) ledger.registerWorkspace({ ...workspace, issue: run.issue, made_at: at });
  ledger.record(run.run, { type: 'dispatched', at, data }, change);
  dispatcher.step('dispatched');
  host.start(run.run);
  dispatcher.step('started');
  return { ...run, ...change };
}

/** The issue without the token, which the agent has in its environment. */
function forAgent({ whole }: TrackerIssue): unknown {
  if (typeof whole !== 'object' || whole === null) return whole;
  const { changed: _, claim, ...issue } = whole as { changed?: unknown; claim?: object };
  const { token: __, ...visible } = (claim ?? {}) as { token?: unknown };
  return { ...issue, claim: visible };
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

/**
 * The agent could not even be prepared. The run is given up and settled like any other that never
 * started: the claim goes back, the others go on.
 */
function giveUp(
  dispatcher: Dispatcher,
  { run }: Order,
  { issue, error }: { issue: TrackerIssue; error: unknown },
): Run {
  const detail = `could not be prepared: ${error instanceof Error ? error.message : String(error)}`;
  const at = dispatcher.now().toISOString();
  const { attempt } = issue;
  const change = { state: 'dispatched', attempt, detail, dispatched_at: at } as const;
  dispatcher.ledger.record(
    run.run,
    { type: 'not_prepared', at, data: { detail, ...codeOf(error) } },
    change,
  );
  const { agent } = run;
  dispatcher.log({
    level: 'error',
    event: 'error',
    message: detail,
    issue: run.issue,
    agent,
    run: run.run,
  });
  try {
    dispatcher.host.abandon(run.run);
  } catch {
    // The same trouble again: it is given up when its keeper is overdue.
  }
  return { ...run, ...change };
}

function codeOf(error: unknown): { readonly code?: string } {
  return error instanceof JitError ? { code: error.code } : {};
}
