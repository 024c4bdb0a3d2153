import type { RunOutput } from '@jit/contract/outputs/dispatch';
import type { Run } from '../ledger/run.ts';
import type { StallRecord } from '../run-records.ts';

/**
 * A run as people and programs see it: without its token.
 * @param stall how silent its agent is
 * @param repository empty where there is only one
 */
export function toRunOutput(
  run: Run,
  stall: StallRecord | null = null,
  repository = '',
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
    created_at: run.created_at,
    started_at: run.started_at,
    ended_at: run.ended_at,
  };
}
