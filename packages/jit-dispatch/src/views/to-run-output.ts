import type { RunOutput } from '@jit/contract/outputs/dispatch';
import type { Run } from '../ledger/run.ts';

/** A run as people and programs see it: without its token. */
export function toRunOutput(run: Run): RunOutput {
  return {
    run: run.run,
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
    created_at: run.created_at,
    started_at: run.started_at,
    ended_at: run.ended_at,
  };
}
