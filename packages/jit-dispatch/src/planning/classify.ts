import type { VerdictRecord } from '../run-records.ts';
import { saysRateLimit } from './rate-limit.ts';
import type { Failure, RunEnd } from './settle.ts';

/** What an agent left behind, and what its configuration says about it. */
export interface Traces {
  /** The end of what it printed. */
  readonly output: string;
  /** Exit codes that mean: not now. */
  readonly rateLimitExit: readonly number[];
  readonly rateLimitPattern: RegExp | null;
  /** Of an agent elsewhere: how its work ended there; null: only its process tells. */
  readonly verdict: VerdictRecord | null;
}

/** Signals that somebody else sends, to end a program that works. */
const FROM_OUTSIDE: readonly (string | null)[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * What kind of failure the end of an agent is, if it did not finish its issue: the one place that
 * decides the class. Our own stops are none.
 */
export function classify(end: RunEnd, traces: Traces): Failure {
  const { reason, message } = end;
  const told = ofVerdict(end, traces.verdict);
  if (told !== null) return told;
  switch (reason) {
    case 'exited':
      return ofExit(end, traces);
    case 'spawn_failed':
    case 'workspace_failed':
      return { failed: 'environment', state: 'failed', reason, detail: message };
    case 'timed_out':
      return { failed: 'agent', state: 'timed_out', reason: 'time_limit', detail: message };
    case 'stalled':
      return { failed: 'agent', state: 'stalled', reason, detail: message };
    case 'lost_claim':
      return { failed: null, state: 'lost', reason, detail: message };
    case 'lease_not_renewed':
      return { failed: 'tracker', state: 'lost', reason, detail: message };
    case 'canceled':
      return { failed: null, state: 'canceled', reason: 'stopped', detail: message };
    case 'keeper_failed':
    case 'keeper_died':
    case 'never_started':
      return { failed: 'environment', state: 'lost', reason, detail: message };
  }
}

/** The end of work elsewhere; null where its verdict does not decide. */
function ofVerdict({ reason }: RunEnd, verdict: VerdictRecord | null): Failure | null {
  if (verdict === null) return null;
  const { detail } = verdict;
  // A person's word, also where it is heard while the run is being stopped.
  if (verdict.is === 'taken_back' && (reason === 'exited' || reason === 'canceled'))
    return { failed: null, state: 'canceled', reason: 'taken_back', detail };
  if (reason !== 'exited') return null;
  if (verdict.is === 'not_now')
    return { failed: 'rate_limit', state: 'failed', reason: 'rate_limit', detail };
  if (verdict.is !== 'failed') return null;
  return { failed: verdict.failed ?? 'agent', state: 'failed', reason: verdict.reason, detail };
}

function ofExit(end: RunEnd, { output, rateLimitExit, rateLimitPattern }: Traces): Failure {
  const { code, signal } = end;
  const detail = exitText(end);
  const failure = (failed: Failure['failed'], reason: string, words = detail): Failure => ({
    failed,
    state: 'failed',
    reason,
    detail: words,
  });
  if (code === null)
    return FROM_OUTSIDE.includes(signal)
      ? failure('environment', 'killed_from_outside', `${detail}, which was not sent from here`)
      : failure('agent', 'killed');
  if (code === 0)
    return failure('no_progress', 'no_progress', `${detail}, but the issue was not finished`);
  if (rateLimitExit.includes(code))
    return failure('rate_limit', 'rate_limit', `${detail}, which asks for patience`);
  if (saysRateLimit(output, rateLimitPattern))
    return failure('rate_limit', 'rate_limit', `${detail}, and its output asks for patience`);
  return failure('agent', 'exit_code');
}

/** How a run ended, in words. */
export function exitText({ reason, code, signal, message }: RunEnd): string {
  if (reason !== 'exited') return message;
  return code === null ? `killed by ${signal}` : `exit code ${code}`;
}
