import type { WorkspaceUse } from '../../ledger/workspaces.ts';
import { isDue, type WorkspaceUsage, whyKept } from '../../planning/judge-workspace.ts';
import { PASSED } from '../../runners/passed.ts';
import type { TrackerAnswer } from '../../tracker/tracker.ts';
import { listMade } from '../../workspaces/made.ts';
import { removeWorkspace } from '../../workspaces/remove.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { workspaceRoot } from '../starting/workspace-for.ts';

/** What is kept is looked at again so often. */
const LOOK_AGAIN_MS = 5 * 60_000;
const PART = 50;

/** Which workspaces are looked at. */
export interface WorkspaceSweep {
  /** All; else those whose run has ended since the last look, or that were not looked at for a while. */
  readonly isFull: boolean;
  /** Ends the sweep and a hook that runs. */
  readonly signal?: AbortSignal;
}

/**
 * Removes the workspaces of this dispatcher that nobody needs any more and that hold no work that is
 * not elsewhere, too. By its register, never by what lies in a root. Gives the number removed; a
 * failure is logged, not thrown.
 */
export async function sweepWorkspaces(
  dispatcher: Dispatcher,
  { isFull, signal }: WorkspaceSweep,
): Promise<number> {
  const { ledger, log, now } = dispatcher;
  let removed = 0;
  try {
    if (isFull) registerAgain(dispatcher);
    const due = ledger.workspaces().filter((each) => isFull || isToBeLookedAt(each, now()));
    for (let from = 0; from < due.length && !signal?.aborted; from += PART) {
      const part = due.slice(from, from + PART);
      const calls = part.map(({ issue }) => ({ do: 'show', issue }) as const);
      const answers = await dispatcher.tracker.call(calls);
      for (const [index, workspace] of part.entries()) {
        if (signal?.aborted) break;
        if (await look(dispatcher, workspace, { answer: answers[index], signal })) removed += 1;
      }
    }
  } catch (error) {
    const message = `could not look after workspaces: ${error instanceof Error ? error.message : error}`;
    log({ level: 'warn', event: 'workspace', message });
  }
  return removed;
}

function isToBeLookedAt(workspace: WorkspaceUse, now: Date): boolean {
  const { has_live_run, looked_at, last_ended_at } = workspace;
  if (has_live_run) return false;
  if (looked_at === null || (last_ended_at !== null && last_ended_at > looked_at)) return true;
  return Math.abs(now.getTime() - Date.parse(looked_at)) >= LOOK_AGAIN_MS;
}

/** After a ledger was lost: the roots say what this dispatcher made. */
function registerAgain(dispatcher: Dispatcher): void {
  const { ledger, name, config } = dispatcher;
  if (config.workspace.kind === 'none') return;
  const known = new Set(ledger.workspaces().map(({ path }) => path));
  for (const made of listMade(workspaceRoot(dispatcher)))
    if (made.dispatcher === name && !known.has(made.path)) ledger.registerWorkspace(made);
}

/** Decides about one, and acts. True if it was removed. */
async function look(
  dispatcher: Dispatcher,
  workspace: WorkspaceUse,
  { answer, signal }: { answer: TrackerAnswer | undefined; signal: AbortSignal | undefined },
): Promise<boolean> {
  const { ledger, now, config } = dispatcher;
  const { path } = workspace;
  const usage = usageOf(workspace, answer);
  if (usage === null) return false;
  const due = isDue(usage, config.workspace, now().getTime());
  const at = now().toISOString();
  if (due.is === 'used') ledger.keepWorkspace(path, null, at);
  else if (due.is === 'kept') ledger.keepWorkspace(path, due.because, at);
  else return remove(dispatcher, workspace, signal);
  return false;
}

/** Null: the tracker does not say how the issue is. */
function usageOf(
  { kind, has_live_run, last_ended_at, made_at }: WorkspaceUse,
  answer: TrackerAnswer | undefined,
): WorkspaceUsage | null {
  const usedAt = Date.parse(last_ended_at ?? made_at);
  const common = { kind, hasLiveRun: has_live_run, usedAt };
  if (answer?.is === 'refused' && (answer.code === 'NOT_FOUND' || answer.code === 'DELETED'))
    return { ...common, issue: 'missing', isClaimed: false, changedAt: usedAt };
  const issue = answer?.is === 'ok' ? answer.issues[0] : undefined;
  if (issue === undefined) return null;
  const { updated_at } = (issue.whole ?? {}) as { updated_at?: unknown };
  const changedAt = typeof updated_at === 'string' ? Date.parse(updated_at) : usedAt;
  return { ...common, issue: issue.state, isClaimed: issue.isClaimed, changedAt };
}

async function remove(
  dispatcher: Dispatcher,
  workspace: WorkspaceUse,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { ledger, log, now, config, environment, place } = dispatcher;
  const { issue, path, kind, branch } = workspace;
  const say = (level: 'info' | 'warn', message: string): void =>
    log({ level, event: 'workspace', message: `${path}: ${message}`, issue });
  const { remove: argv, timeoutSecs } = config.workspace.hooks;
  const removal = await removeWorkspace(workspace, {
    environment,
    hook: argv && { argv, timeoutMs: timeoutSecs * 1000 },
    signal,
    hookEnvironment: {
      ...passedOf(environment),
      ...(place.path === null ? {} : { PATH: place.path }),
      ...(place.jitDir === null ? {} : { JIT_DIR: place.jitDir }),
    },
    judge: (found) => whyKept({ kind, ...found }),
    onBegin: () => ledger.beginRemoval(workspace, now().toISOString()),
    warn: (message) => say('warn', message),
  });
  switch (removal.is) {
    case 'busy':
      return false;
    case 'kept':
      // Once: it is looked at again and again.
      if (removal.because !== workspace.kept_because) say('warn', `kept: ${removal.because}`);
      ledger.keepWorkspace(path, removal.because, now().toISOString());
      return false;
    case 'gone':
      ledger.forgetWorkspace(path);
      return false;
    case 'removed':
      ledger.forgetWorkspace(path);
      say('info', removal.isBranchDeleted ? `removed, with branch ${branch}` : 'removed');
      return true;
  }
}

/** What hooks get of the environment of this process. */
function passedOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isPassed = (name: string): boolean =>
    PASSED.some((rule) =>
      rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule,
    );
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isPassed(name)));
}
