import type { PullRequestOutput, RunOutput } from '@jit/contract/outputs/dispatch';
import type { Pull } from '../ledger/pulls.ts';
import type { Run } from '../ledger/run.ts';
import type { StallRecord } from '../run-records.ts';

/**
 * A run as people and programs see it: without its token.
 * @param stall how silent its agent is
 * @param repository empty where there is only one
 * @param pull what becomes of its commits
 */
export function toRunOutput(
  run: Run,
  stall: StallRecord | null = null,
  repository = '',
  pull: Pull | null = null,
): RunOutput {
  const isLive = run.ended_at === null;
  const stage = stall !== null && stall.stage !== 'none' && isLive ? stall.stage : null;
  return {
    run: run.run,
    repository: repository || null,
    issue: run.issue,
    title: run.title,
    agent: run.agent,
    state: run.state,
    attempt: run.attempt,
    reason: run.reason,
    detail: run.detail,
    failed: run.failed,
    exit_code: run.exit_code,
    signal: run.signal,
    pid: run.pid,
    log: run.log,
    stall: stage,
    silent_since: stage === null ? null : (stall?.silent_since ?? null),
    pull_request: toPullOutput(pull),
    created_at: run.created_at,
    started_at: run.started_at,
    ended_at: run.ended_at,
  };
}

/** A pull request as people and programs see it. */
export function toPullOutput(pull: Pull | null): PullRequestOutput | null {
  if (pull === null) return null;
  const { state, number, url, error, next_try_at } = pull;
  return { state, number, url, error, next_try_at };
}
