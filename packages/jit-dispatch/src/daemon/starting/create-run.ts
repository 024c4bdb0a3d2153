import type { WorkClass } from '@jit/contract/vocabulary';
import type { Run } from '../../ledger/run.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** An issue that is to be started, and who gets it. */
export interface Start {
  readonly issue: { readonly id: string; readonly title: string };
  readonly agent: string;
  /** The agent it was reserved for and is taken from, or null. */
  readonly stolenFrom: string | null;
  /** Failures of the issue that count so far. */
  readonly failures: number;
  /** What was found out about the issue while it was decided, where something was. */
  readonly record?: StartRecord;
}

/** What is kept of a decision to start: a part in the row of the run, the whole in its records. */
export interface StartRecord {
  readonly taskType: string | null;
  readonly class: WorkClass | null;
  readonly score: number | null;
  /** Everything that was decided, as JSON. */
  readonly whole: unknown;
}

/** The row of a run that is about to be journalled, with a token of its own. */
export function createRun(dispatcher: Dispatcher, { issue, agent, failures, record }: Start): Run {
  const config = dispatcher.config.agents.find(({ id }) => id === agent);
  return {
    run: dispatcher.newRunId(),
    issue: issue.id,
    title: issue.title,
    agent,
    state: 'created',
    token: dispatcher.newToken(),
    attempt: null,
    completion: config?.completion ?? 'issue',
    reason: null,
    detail: null,
    exit_code: null,
    signal: null,
    pid: null,
    log: null,
    created_at: dispatcher.now().toISOString(),
    dispatched_at: null,
    started_at: null,
    ended_at: null,
    failed: null,
    failures,
    gate_tries: 0,
    workspace: null,
    task_type: record?.taskType ?? null,
    class: record?.class ?? null,
    score: record?.score ?? null,
  };
}
