import type { FailureClass, RunState, ShownState } from '@jit/contract/vocabulary';
import type { Completion } from '../config/config.ts';
import type { ExitReason } from '../run-records.ts';

/** How a run ended, as far as its processes are concerned. */
export interface RunEnd {
  /** Besides the keeper's words: the keeper died, or the agent was never started. */
  readonly reason: ExitReason | 'keeper_died' | 'never_started';
  readonly message: string;
  readonly code: number | null;
  readonly signal: string | null;
}

/** A run whose processes have ended. */
export interface EndedRun {
  readonly attempt: number;
  readonly completion: Completion;
  readonly end: RunEnd;
  /** Seconds the issue rests after a failure. */
  readonly backoffSecs: number;
}

/** What the tracker shows of the issue. */
export interface IssueView {
  readonly state: ShownState;
  readonly attempt: number;
  readonly isClaimed: boolean;
}

/** How a run ends in the ledger. */
export interface Ending {
  readonly state: Extract<
    RunState,
    'completed' | 'failed' | 'timed_out' | 'stalled' | 'canceled' | 'lost'
  >;
  readonly reason: string;
  readonly detail: string;
  /** The class of the failure, as the tracker is told it; null if the run did not fail. */
  readonly failed: FailureClass | null;
}

/** Gives the issue back. A `failed` class is remembered by the tracker. */
export interface Release {
  readonly do: 'release';
  readonly failed: FailureClass | null;
  readonly deferSecs: number | null;
  /** The ending that goes with it, also when the claim turns out to have ended. */
  readonly ending: Ending;
}

/** The next thing to do to settle a run. */
export type SettleStep =
  | { readonly do: 'show' }
  | { readonly do: 'finish' }
  | { readonly do: 'resume' }
  | { readonly do: 'rest'; readonly deferSecs: number; readonly ending: Ending }
  | Release
  | { readonly do: 'end'; readonly ending: Ending };

/** What came of a call that changes something. */
export interface CallResult {
  readonly result: 'ok' | 'lost_claim' | 'refused' | 'missing';
  readonly message: string;
}

/** What the tracker answered to a step. */
export type SettleAnswer =
  | { readonly to: 'show'; readonly issue: IssueView | null }
  | {
      readonly to: 'show';
      /** It exists and can't be shown, also not later. */
      readonly issue: 'unreadable';
      readonly code: string;
      readonly message: string;
    }
  | (CallResult & { readonly to: 'finish' | 'resume' })
  | (CallResult & { readonly to: 'release' | 'rest'; readonly ending: Ending });

/**
 * Decides the next step for a run from what was answered so far. A run is settled by calling this
 * until it says `end`; every step may be repeated after a crash.
 */
export function nextSettleStep(run: EndedRun, answers: readonly SettleAnswer[]): SettleStep {
  const last = answers.at(-1);
  switch (last?.to) {
    case undefined:
      return mayFinish(run) ? { do: 'finish' } : { do: 'show' };
    case 'show':
      // Its claim ends with its lease.
      if (last.issue === 'unreadable') return end('lost', last.code, last.message);
      return afterShow(run, last.issue, answers);
    case 'finish':
      return afterFinish(run, last, answers);
    case 'resume':
      if (last.result !== 'ok') return { do: 'show' };
      return mayFinish(run) ? { do: 'finish' } : releaseOf(run);
    case 'release': {
      const hasExpired = last.result === 'lost_claim' && last.ending.state !== 'completed';
      if (hasExpired && !hasResumed(answers)) return { do: 'resume' };
      return { do: 'end', ending: last.ending };
    }
    case 'rest':
      return { do: 'end', ending: last.ending };
  }
}

function mayFinish({ completion, end: { reason, code } }: EndedRun): boolean {
  return completion === 'exit' && reason === 'exited' && code === 0;
}

function afterFinish(
  run: EndedRun,
  answer: CallResult,
  answers: readonly SettleAnswer[],
): SettleStep {
  if (answer.result === 'ok') return end('completed', 'exit_0', exitText(run));
  if (answer.result === 'lost_claim' && !hasResumed(answers)) return { do: 'resume' };
  return { do: 'show' };
}

function afterShow(
  run: EndedRun,
  issue: IssueView | null,
  answers: readonly SettleAnswer[],
): SettleStep {
  if (issue === null) return end('lost', 'issue_missing', 'the issue does not exist any more');
  if (issue.attempt !== run.attempt)
    return end('lost', 'taken_over', `attempt ${issue.attempt} has begun since; ${exitText(run)}`);
  switch (issue.state) {
    case 'done':
    case 'rejected':
    case 'archived':
      return end('completed', `issue_${issue.state}`, exitText(run));
    case 'gated':
      return gated(run, issue);
    case 'in_progress':
      return inProgress(run, refusalOf(answers));
    case 'ready':
    case 'open':
      return givenBack(run, answers);
  }
}

/** The work is done as far as the agent can say: the claim ends, so that its slot is free. */
function gated(run: EndedRun, issue: IssueView): SettleStep {
  const ending: Ending = {
    state: 'completed',
    reason: 'issue_gated',
    detail: `the issue waits for its gates; ${exitText(run)}`,
    failed: null,
  };
  return issue.isClaimed
    ? { do: 'release', failed: null, deferSecs: null, ending }
    : { do: 'end', ending };
}

/** Nobody holds the issue: the lease ended, or the agent gave it back. */
function givenBack(run: EndedRun, answers: readonly SettleAnswer[]): SettleStep {
  if (!hasResumed(answers)) return { do: 'resume' };
  const { ending } = releaseOf(run);
  if (run.end.reason !== 'exited') return { do: 'end', ending };
  return {
    do: 'rest',
    deferSecs: run.backoffSecs,
    ending: {
      state: 'failed',
      reason: 'claim_ended',
      detail: `the agent gave the issue back or its lease ended; ${exitText(run)}`,
      failed: 'agent',
    },
  };
}

function inProgress(run: EndedRun, refusal: string | null): Release {
  return refusal === null ? releaseOf(run) : blockedRelease(run, refusal);
}

function hasResumed(answers: readonly SettleAnswer[]): boolean {
  return answers.some((each) => each.to === 'resume');
}

function refusalOf(answers: readonly SettleAnswer[]): string | null {
  for (const answer of answers)
    if (answer.to === 'finish' && answer.result === 'refused') return answer.message;
  return null;
}

function blockedRelease(run: EndedRun, refusal: string): Release {
  return {
    do: 'release',
    failed: 'gate',
    deferSecs: run.backoffSecs,
    ending: {
      state: 'failed',
      reason: 'not_finished',
      detail: `the tracker refused done: ${refusal}`,
      failed: 'gate',
    },
  };
}

/** What a run that did not finish its issue is released with. */
function releaseOf(run: EndedRun): Release {
  const { reason, code, message } = run.end;
  const release = (
    failed: FailureClass | null,
    state: Ending['state'],
    word: string,
    detail: string = message,
  ): Release => ({
    do: 'release',
    failed,
    deferSecs: failed === null ? null : run.backoffSecs,
    ending: { state, reason: word, detail, failed },
  });
  switch (reason) {
    case 'exited':
      return code === 0
        ? release(
            'no_progress',
            'failed',
            'no_progress',
            `${exitText(run)}, but the issue was not finished`,
          )
        : release('agent', 'failed', code === null ? 'killed' : 'exit_code', exitText(run));
    case 'spawn_failed':
      return release('environment', 'failed', 'spawn_failed');
    case 'timed_out':
      return release('agent', 'timed_out', 'time_limit');
    case 'stalled':
      return release('agent', 'stalled', 'stalled');
    case 'lost_claim':
      return release(null, 'lost', 'lost_claim');
    case 'lease_not_renewed':
      return release('tracker', 'lost', 'lease_not_renewed');
    case 'canceled':
      return release(null, 'canceled', 'stopped');
    case 'keeper_failed':
    case 'keeper_died':
      return release('environment', 'lost', reason);
    case 'never_started':
      return release('environment', 'lost', 'never_started');
  }
}

function exitText({ end: { reason, code, signal, message } }: EndedRun): string {
  if (reason !== 'exited') return message;
  return code === null ? `killed by ${signal}` : `exit code ${code}`;
}

function end(state: Ending['state'], reason: string, detail: string): SettleStep {
  return { do: 'end', ending: { state, reason, detail, failed: null } };
}
