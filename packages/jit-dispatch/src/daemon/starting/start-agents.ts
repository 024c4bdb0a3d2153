import { JitError } from '@jit/contract/errors';
import type { AgentConfig } from '../../config/config.ts';
import type { Run, RunChange } from '../../ledger/run.ts';
import { RUN_FILES, type WorkspaceSpec } from '../../run-records.ts';
import { rulesText } from '../../runners/agent-rules.ts';
import { buildSpec } from '../../runners/command/build-spec.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { feedbackText, toVariable } from './feedback.ts';
import type { PromptMaker } from './prompts.ts';
import { takeOver } from './take-over.ts';
import { workspaceFor } from './workspace-for.ts';

/** A run whose issue was claimed for it. */
export interface Granted {
  readonly run: Run;
  readonly agent: AgentConfig;
  readonly issue: TrackerIssue;
  /** Uptime at which its lease began. */
  readonly leasedAtMs: number;
}

/** How agents are started. */
export interface StartOptions {
  readonly promptFor: PromptMaker;
  /** Asked anew before each group. */
  readonly mayStart: () => boolean;
}

/** A run with what its keeper needs in its folder. */
interface Prepared extends Granted {
  readonly change: RunChange;
  readonly workspace: WorkspaceSpec | null;
}

/**
 * So many are journalled as dispatched at once. One that a crash keeps from being started has to be given
 * up and claimed anew, so they are few: fewer than the failures in a row after which an agent rests by default.
 */
const AT_ONCE = 4;

/**
 * Starts the agents of claimed issues: prepares them, journals them as dispatched, starts their keepers. One that
 * can't be prepared is given up; the others go on.
 * @returns also the runs that were not started because the word to stop came
 */
export function startAgents(
  dispatcher: Dispatcher,
  granted: readonly Granted[],
  { promptFor, mayStart }: StartOptions,
): { readonly started: readonly Run[]; readonly unwanted: readonly Run[] } {
  const started: Run[] = [];
  for (let at = 0; at < granted.length; at += AT_ONCE) {
    if (!mayStart()) return { started, unwanted: granted.slice(at).map(({ run }) => run) };
    const prepared: Prepared[] = [];
    for (const each of granted.slice(at, at + AT_ONCE)) {
      try {
        prepared.push(prepare(dispatcher, each, promptFor));
      } catch (error) {
        started.push(giveUp(dispatcher, each, error));
      }
    }
    started.push(...startPrepared(dispatcher, prepared));
  }
  return { started, unwanted: [] };
}

function prepare(
  dispatcher: Dispatcher,
  { run, agent, issue, leasedAtMs }: Granted,
  promptFor: PromptMaker,
): Prepared {
  const { host, place } = dispatcher;
  const { attempt } = issue;
  const workspace = workspaceFor(dispatcher, run.issue);
  const subject = {
    run: run.run,
    issue: run.issue,
    attempt,
    token: run.token,
    leasedAtMs,
    issueJson: (agent.issueJson === 'env' ? toVariable : JSON.stringify)(forAgent(issue)),
    feedback: feedbackText(issue),
    prompt: promptFor({ run, agent, workspace }, issue),
    workspace,
    taskType: run.task_type,
    earlier: takeOver(dispatcher, run, agent),
  };
  const { spec, files } = buildSpec(agent, subject, { ...place, runFolder: host.folder(run.run) });
  host.prepare(spec, { ...files, [RUN_FILES.rules]: rulesText(agent) });
  const change = {
    state: 'dispatched',
    attempt,
    log: `${host.folder(run.run)}/output.log`,
    dispatched_at: dispatcher.now().toISOString(),
    workspace: workspace?.path ?? null,
  } as const;
  return { run, agent, issue, leasedAtMs, change, workspace };
}

function startPrepared(dispatcher: Dispatcher, prepared: readonly Prepared[]): Run[] {
  if (prepared.length === 0) return [];
  const { host, ledger } = dispatcher;
  dispatcher.step('prepared');
  const at = dispatcher.now().toISOString();
  const uptime_ms = dispatcher.uptimeMs();
  ledger.together(() => {
    for (const { run, issue, change, workspace } of prepared) {
      if (workspace !== null)
        ledger.registerWorkspace({ ...workspace, issue: run.issue, made_at: at });
      const data = { attempt: issue.attempt, uptime_ms };
      ledger.record(run.run, { type: 'dispatched', at, data }, change);
    }
  });
  dispatcher.step('dispatched');
  return prepared.map((each) => {
    const { run, change } = each;
    try {
      host.start(run.run);
    } catch (error) {
      return giveUp(dispatcher, each, error);
    }
    dispatcher.step('started');
    return { ...run, ...change };
  });
}

/** The issue without the token, which the agent has in its environment. */
function forAgent({ whole }: TrackerIssue): unknown {
  if (typeof whole !== 'object' || whole === null) return whole;
  const { changed: _, claim, ...issue } = whole as { changed?: unknown; claim?: object };
  const { token: __, ...visible } = (claim ?? {}) as { token?: unknown };
  return { ...issue, claim: visible };
}

/**
 * The agent could not even be prepared. The run is given up and settled like any other that never
 * started: the claim goes back, the others go on.
 */
function giveUp(dispatcher: Dispatcher, { run, issue }: Granted, error: unknown): Run {
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
