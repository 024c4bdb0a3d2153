import type { DispatchErrorCode } from '@jit/contract/dispatch-codes';
import type { ErrorKind, JitError } from '@jit/contract/errors';
import type { CycleOutput } from '@jit/contract/outputs/dispatch';
import type { WaitReason } from '../../planning/plan-cycle.ts';
import { dispatchError } from '../dispatch-error.ts';

/** The error of each reason to wait. */
const CODES: Readonly<Record<WaitReason, DispatchErrorCode>> = {
  already_running: 'ALREADY_DISPATCHED',
  claim_refused: 'ALREADY_DISPATCHED',
  history_unknown: 'DISPATCH_TIMEOUT',
  classifying: 'DISPATCH_TIMEOUT',
  classification_failed: 'CLASSIFICATION_FAILED',
  escalated: 'NO_SUITABLE_AGENT',
  held: 'NO_SUITABLE_AGENT',
  reserved: 'NO_SUITABLE_AGENT',
  label_filter: 'NO_SUITABLE_AGENT',
  no_suitable_agent: 'NO_SUITABLE_AGENT',
  paused: 'AGENT_UNAVAILABLE',
  no_room_on_machine: 'AGENT_UNAVAILABLE',
  max_issues: 'AGENT_UNAVAILABLE',
  max_concurrent: 'AGENT_UNAVAILABLE',
  label_limit: 'AGENT_UNAVAILABLE',
  state_limit: 'AGENT_UNAVAILABLE',
  agents_full: 'AGENT_UNAVAILABLE',
  agents_resting: 'AGENT_UNAVAILABLE',
  agents_unhealthy: 'AGENT_UNAVAILABLE',
  agents_paused: 'AGENT_UNAVAILABLE',
};

const KINDS: Readonly<Record<DispatchErrorCode, ErrorKind>> = {
  NO_SUITABLE_AGENT: 'blocked',
  CLASSIFICATION_FAILED: 'blocked',
  CONTEXT_BUILD_FAILED: 'external',
  DISPATCH_TIMEOUT: 'lock_timeout',
  AGENT_UNAVAILABLE: 'blocked',
  ALREADY_DISPATCHED: 'conflict',
  INVALID_REQUEST: 'invalid',
};

/** Why a decision did not start an issue. */
export function refusedBy(
  issue: string,
  decision: {
    readonly action: 'wait' | 'escalate';
    readonly reason: string;
    readonly detail: string;
  },
): JitError {
  const { action, reason, detail } = decision;
  const code =
    action === 'escalate'
      ? 'NO_SUITABLE_AGENT'
      : (CODES[reason as WaitReason] ?? 'AGENT_UNAVAILABLE');
  return notStarted(issue, code, { reason, detail });
}

/** Why a claim that was refused did not start an issue. */
export function lostBy(issue: string, { code, message }: { code: string; message: string }) {
  const isFull = code === 'ASSIGNEE_FULL';
  return notStarted(issue, isFull ? 'AGENT_UNAVAILABLE' : 'ALREADY_DISPATCHED', {
    reason: code,
    detail: message,
  });
}

/** Ends of a run whose agent was never begun because it could not be started as a program. */
const NO_PROGRAM = 'spawn_failed';

/** Why a run whose agent could not be started did not. */
export function failedBy(
  issue: string,
  { run, reason, detail }: { run: string; reason: string | null; detail: string | null },
): JitError {
  const code = reason === NO_PROGRAM ? 'AGENT_UNAVAILABLE' : 'CONTEXT_BUILD_FAILED';
  return notStarted(issue, code, { reason: reason ?? 'not_started', detail: detail ?? '', run });
}

/** Nothing was decided about an issue in time. */
export function undecided(issue: string, why: string): JitError {
  return notStarted(issue, 'DISPATCH_TIMEOUT', { reason: 'undecided', detail: why });
}

/** What a cycle that started these issues only says of one of them; null: it was started. */
export function refusedIn(
  cycle: CycleOutput,
  { issue, repository }: { readonly issue: string; readonly repository: string },
): JitError | null {
  const isIts = (each: { issue: string; repository: string | null }): boolean =>
    each.issue === issue && (each.repository ?? '') === repository;
  if (cycle.started.some(isIts)) return null;
  const failed = cycle.failed.find(isIts);
  if (failed !== undefined) return failedBy(issue, failed);
  const lost = cycle.lost.find(isIts);
  if (lost !== undefined) return lostBy(issue, lost);
  const decision = cycle.decisions.find(isIts);
  if (decision !== undefined && decision.action !== 'start')
    return refusedBy(issue, { ...decision, action: decision.action });
  const error = cycle.errors.find((each) => each.repository === repository);
  return undecided(issue, error?.message ?? 'the tracker did not answer its claim');
}

function notStarted(
  issue: string,
  code: DispatchErrorCode,
  facts: { readonly reason: string; readonly detail: string; readonly run?: string },
): JitError {
  const { reason, detail } = facts;
  const message = `${issue} was not started (${reason})${detail === '' ? '' : `: ${detail}`}`;
  return dispatchError(KINDS[code], code, message, {
    hint: `jit-dispatch explain ${issue} says why, and what would change that`,
    details: { issue, ...facts },
  });
}
