import type { OpenOptions } from '../workbench/open-dispatcher.ts';
import type { WorkbenchParts } from '../workbench/open-workbench.ts';
import { resultsOf, timed } from './dispatch-requests.ts';
import { createEvents, type EventListener } from './events.ts';
import { holdWorkbench } from './hold-workbench.ts';
import type { JitDispatcher } from './jit-dispatcher.ts';
import type { LockPatience } from './options.ts';

/** What the edge of a process supplies. */
export interface DispatcherParts extends Omit<WorkbenchParts, 'agents'> {
  /** The bundle that stands for an agent that is an object. */
  readonly bridgeFile: string;
  /** How a running dispatcher tells what it does. */
  readonly logging: Pick<OpenOptions, 'logFormat' | 'log'>;
  /** Calls back at each signal that ends programs, until what it returns is called. */
  onSignal(callback: () => void): () => void;
}

const LOCK_TIMEOUT_SECS = 10;
const ORDER_WAIT_SECS = 30;
const END_WAIT_SECS = 7200;
const WATCH_SECS = 5;
const SHOWN_LINES = 10;

/**
 * Makes a dispatcher from what the edge of its process supplies. Each ability is an operation that is
 * loaded when it is first used: a program that only asks for one thing starts fast.
 */
export function createDispatcherFrom(parts: DispatcherParts): JitDispatcher {
  const held = holdWorkbench(parts);
  const events = createEvents(held.steady, parts.warn);
  const workbench = async () => {
    await events.ready();
    return held.fresh();
  };
  const dispatchAll: JitDispatcher['dispatchBatch'] = async (asked) => {
    const { requests, waitSecs } = timed(asked);
    const { dispatchIssues } = await import('../operations/dispatching/dispatch-issues.ts');
    const terms = { isTogether: false, waitSecs, ...lockOf({}), wake: held.wake };
    const results = resultsOf(await dispatchIssues(await workbench(), requests, terms));
    const failed = results.flatMap((error, index) =>
      error instanceof Error ? [{ request: asked[index], error }] : [],
    );
    const successful = results.flatMap((result) => (result instanceof Error ? [] : result));
    return { successful, failed, total: asked.length };
  };
  return {
    start: async ({ signals = false, ...patience } = {}) => {
      const { startDispatcher } = await import('../operations/lifecycle/start-dispatcher.ts');
      const terms = { ...parts.logging, ...lockOf(patience) };
      const running = await startDispatcher(await workbench(), terms);
      held.began(running);
      const off = signals ? parts.onSignal(running.interrupt) : () => {};
      running.stopped.catch(() => {}).finally(off);
      return running;
    },
    async stop({ now = false, timeoutSecs } = {}) {
      const { stopDispatcher } = await import('../operations/lifecycle/stop-dispatcher.ts');
      return stopDispatcher(await workbench(), { now, timeoutSecs });
    },
    async once({ dryRun = false, maxIssues, repository, lockTimeoutSecs, ...choices } = {}) {
      const { runCycleOnce } = await import('../operations/dispatching/run-cycle-once.ts');
      const asked = { dryRun, maxIssues: maxIssues ?? null, repository, ...choices };
      return runCycleOnce(await workbench(), { ...asked, ...lockOf({ lockTimeoutSecs }) });
    },
    async dispatch(request) {
      const { successful, failed } = await dispatchAll([request]);
      const [result] = successful;
      if (result === undefined) throw failed[0]?.error;
      return result;
    },
    dispatchBatch: dispatchAll,
    async admit(requests, patience = {}) {
      const { dispatchIssues } = await import('../operations/dispatching/dispatch-issues.ts');
      const { toDispatchedOutput } = await import(
        '../operations/dispatching/to-dispatched-output.ts'
      );
      const terms = { isTogether: true, waitSecs: 0, ...lockOf(patience), wake: held.wake };
      return toDispatchedOutput(await dispatchIssues(await workbench(), requests, terms));
    },
    async waitFor(issue, { timeoutSecs = END_WAIT_SECS, repository } = {}) {
      const { awaitEnd } = await import('../operations/looking/await-end.ts');
      return awaitEnd(await workbench(), { issue, repository, timeoutSecs });
    },
    async cancel(issue, { waitSecs = ORDER_WAIT_SECS, reason, repository, ...patience } = {}) {
      const { cancelIssue } = await import('../operations/orders/cancel-issue.ts');
      const asked = { issue, reason, repository, waitSecs };
      return cancelIssue(await workbench(), { ...asked, ...lockOf(patience) });
    },
    async reassign(
      issue,
      agent,
      { waitSecs = ORDER_WAIT_SECS, reason, repository, ...patience } = {},
    ) {
      const { reassignIssue } = await import('../operations/orders/reassign-issue.ts');
      const asked = { issue, agent, reason, repository, waitSecs };
      return reassignIssue(await workbench(), { ...asked, ...lockOf(patience) });
    },
    async retryPull(run, { repository } = {}) {
      const { retryPull } = await import('../operations/orders/retry-pull.ts');
      return retryPull(await workbench(), { run, repository });
    },
    register: held.register,
    on: (name: Parameters<JitDispatcher['on']>[0], listener: EventListener<never>) =>
      events.on(name, listener as EventListener),
    async pause(options = {}) {
      const { pauseWork } = await import('../operations/holds/pause-work.ts');
      return pauseWork(await workbench(), options);
    },
    async resume(options = {}) {
      const { resumeWork } = await import('../operations/holds/resume-work.ts');
      return resumeWork(await workbench(), options);
    },
    async drain(options = {}) {
      const { drainWork } = await import('../operations/holds/drain-work.ts');
      return drainWork(await workbench(), options);
    },
    async estimate(issue, options = {}) {
      const { estimateIssue } = await import('../operations/choosing/estimate-issue.ts');
      return estimateIssue(await workbench(), issue, options);
    },
    async availableAgents(issue, options = {}) {
      const { listAgents } = await import('../operations/choosing/list-agents.ts');
      return listAgents(await workbench(), issue ?? null, options);
    },
    async explain(issue, options = {}) {
      const { explainIssue } = await import('../operations/looking/explain-issue.ts');
      return explainIssue(await workbench(), { issue, ...options });
    },
    async status() {
      const { showStatus } = await import('../operations/looking/show-status.ts');
      return showStatus(await workbench());
    },
    async watchStatus({ intervalSecs = WATCH_SECS, isEachTold = false } = {}) {
      const { watchStatus } = await import('../operations/looking/watch-status.ts');
      return watchStatus(await workbench(), { intervalMs: intervalSecs * 1000, isEachTold });
    },
    async watchEvents({ since } = {}) {
      const { watchEvents } = await import('../operations/looking/watch-status.ts');
      return watchEvents(await workbench(), since);
    },
    async runs(filter = {}) {
      const { listRuns } = await import('../operations/looking/list-runs.ts');
      return listRuns(await workbench(), filter);
    },
    async sessions(filter = {}) {
      const { listRuns } = await import('../operations/looking/list-runs.ts');
      return listRuns(await workbench(), { all: true, ...filter });
    },
    async activeCount() {
      const { countActive } = await import('../operations/looking/count-active.ts');
      return countActive(await workbench());
    },
    async show(run, { tail = SHOWN_LINES, repository } = {}) {
      const { showRun } = await import('../operations/looking/show-run.ts');
      return showRun(await workbench(), { run, tail, repository });
    },
    async logs(run, { tail } = {}) {
      const { readLog } = await import('../operations/looking/read-log.ts');
      return readLog(await workbench(), { run, tail });
    },
    async followLogs(run, { tail } = {}) {
      const { followRunLog } = await import('../operations/looking/read-log.ts');
      return followRunLog(await workbench(), { run, tail });
    },
    async history(issue, { repository } = {}) {
      const { tellHistory } = await import('../operations/looking/tell-history.ts');
      return tellHistory(await workbench(), { issue, repository });
    },
    async stats(options = {}) {
      const { countStats } = await import('../operations/looking/count-stats.ts');
      return countStats(await workbench(), options);
    },
    async doctor() {
      const { examineEverything } = await import('../operations/doctor/examine-everything.ts');
      return held.anew(examineEverything);
    },
    async init() {
      const { writeConfig } = await import('../operations/setup/write-config.ts');
      return held.anew(writeConfig);
    },
    async checkConfig(options = {}) {
      const { checkConfig } = await import('../operations/setup/check-config.ts');
      return held.anew(async (opened) => checkConfig(opened, options));
    },
    async close() {
      await held.stopOwn();
      await events.close();
      await held.close();
    },
  };
}

function lockOf({ lockTimeoutSecs = LOCK_TIMEOUT_SECS }: LockPatience): { lockTimeoutMs: number } {
  return { lockTimeoutMs: lockTimeoutSecs * 1000 };
}
