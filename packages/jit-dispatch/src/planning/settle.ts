import type { FailureClass, RunState, ShownState } from '@jit/contract/vocabulary';
import type { Completion } from '../config/config.ts';
import type { ExitReason } from '../run-records.ts';
import { exitText } from './classify.ts';
import { handOverParts, mayHandOver, releaseForParts, wasHandedOver } from './hand-over.ts';
import {
  checks,
  giveUp,
  hasEscalated,
  isTakenFromChecks,
  lastShown,
  waitsForChecks,
} from './settle-gates.ts';

/** How a run ended, as far as its processes are concerned. */
export interface RunEnd {
  /** Besides the keeper's words: the keeper died, or the agent was never started. */
  readonly reason: ExitReason | 'keeper_died' | 'never_started';
  readonly message: string;
  readonly code: number | null;
  readonly signal: string | null;
}

/** How a run failed that did not finish its issue. */
export interface Failure {
  /** Null: it is nobody's failure. */
  readonly failed: FailureClass | null;
  readonly state: Exclude<Ending['state'], 'completed'>;
  readonly reason: string;
  readonly detail: string;
}

/** What is known of the exit gates that the dispatcher runs for a run. */
export interface GateTries {
  /** False: gates are left to people. */
  readonly areRun: boolean;
  /** How often they were run, without those that were stopped here. */
  readonly count: number;
  /** How the last of them ended; null: they were not run yet. */
  readonly end: RunEnd | null;
}

/** A run whose processes have ended. */
export interface EndedRun {
  readonly attempt: number;
  readonly completion: Completion;
  /** How its agent ended. */
  readonly end: RunEnd;
  /** What that means where the issue was not finished. */
  readonly failure: Failure;
  /** Seconds the issue rests after a failure. */
  readonly backoffSecs: number;
  readonly gates: GateTries;
}

/** What the tracker shows of the issue. */
export interface IssueView {
  readonly state: ShownState;
  readonly attempt: number;
  readonly isClaimed: boolean;
  /** It may not be claimed before a time. */
  readonly isDeferred: boolean;
  /** Automatic exit gates that are not passed. */
  readonly openChecks: readonly string[];
  /** Exit gates of any kind that are failed. */
  readonly failedGates: readonly string[];
  /** The class with which its holder gave it back as failed, where that ended the last claim. */
  readonly releasedAs: FailureClass | null;
  /** Somebody gave it back, and no lease merely ended. */
  readonly isGivenBack: boolean;
  /** True: that was this run, before a crash. */
  readonly isReleasedHere: boolean;
  /** … because its agent had handed parts over. */
  readonly isHandedOver: boolean;
  /** How many issues it depends on, finished or not. */
  readonly dependencies: number;
  /** The unfinished ones, as far as they are shown: only of an issue that nobody holds. */
  readonly waitsFor: readonly string[];
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
  /** Keep dispatchers away from the issue until a person admits it. */
  | { readonly do: 'hold' }
  | { readonly do: 'finish' }
  | { readonly do: 'resume' }
  /** Ask which of its dependencies are unfinished. */
  | { readonly do: 'parts' }
  /** Ask which dependencies were added since it was claimed: parts may be finished by now. */
  | { readonly do: 'added' }
  /** Run its exit gates: it is settled when they have ended. */
  | { readonly do: 'gates' }
  /** Ask people to look. */
  | { readonly do: 'escalate'; readonly reason: string; readonly detail: string }
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
  | { readonly to: 'escalate' }
  | { readonly to: 'parts'; readonly unfinished: readonly string[] }
  | { readonly to: 'added'; readonly parts: readonly string[] }
  | (CallResult & { readonly to: 'finish' | 'resume' | 'hold' })
  | (CallResult & { readonly to: 'release' | 'rest'; readonly ending: Ending });

/**
 * Decides the next step for a run from what was answered so far. A run is settled by calling this
 * until it says `end`, or `gates`; every step may be repeated after a crash.
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
    case 'hold':
      return { do: 'show' };
    case 'finish':
      return afterFinish(run, last, answers);
    case 'resume':
      return last.result === 'ok' ? afterResume(run, answers) : { do: 'show' };
    case 'escalate':
      return giveUp(run, answers);
    case 'parts':
      return last.unfinished.length > 0 ? releaseForParts(run, last.unfinished) : { do: 'added' };
    case 'added':
      return last.parts.length > 0
        ? releaseForParts(run, last.parts)
        : failedRelease(run, lastShown(answers), refusalOf(answers));
    case 'release': {
      const hasExpired = last.result === 'lost_claim' && last.ending.state !== 'completed';
      if (hasExpired && !hasResumed(answers)) return { do: 'resume' };
      return { do: 'end', ending: last.ending };
    }
    case 'rest':
      return { do: 'end', ending: last.ending };
  }
}

/** Once gates were run for it, they decide. */
function mayFinish({ completion, end: { reason, code }, gates }: EndedRun): boolean {
  return gates.end === null && completion === 'exit' && reason === 'exited' && code === 0;
}

function afterFinish(
  run: EndedRun,
  answer: CallResult,
  answers: readonly SettleAnswer[],
): SettleStep {
  if (answer.result === 'ok') return end('completed', 'exit_0', exitText(run.end));
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
    return end(
      'lost',
      'taken_over',
      `attempt ${issue.attempt} has begun since; ${exitText(run.end)}`,
    );
  switch (issue.state) {
    case 'done':
    case 'rejected':
    case 'archived':
      return end('completed', `issue_${issue.state}`, exitText(run.end));
    case 'gated':
      if (isTakenFromChecks(run, issue))
        return end('lost', 'taken_back', 'its claim was taken back while its exit gates were run');
      return waitsForChecks(run, issue) ? checks(run, answers) : handOver(run, issue);
    case 'in_progress':
      if (mayHandOver(run, issue) && handOverParts(answers) === null) return { do: 'parts' };
      return failedRelease(run, issue, refusalOf(answers));
    case 'ready':
    case 'open':
      return givenBack(run, issue, answers);
  }
}

/** The claim is ours again. */
function afterResume(run: EndedRun, answers: readonly SettleAnswer[]): SettleStep {
  const issue = lastShown(answers);
  if (hasEscalated(answers)) return giveUp(run, answers);
  if (issue !== null && waitsForChecks(run, issue)) return { do: 'gates' };
  return mayFinish(run) ? { do: 'finish' } : failedRelease(run, issue, null);
}

/** The work is done as far as the agent can say, and people decide the rest: the claim ends, so that its slot is free. */
function handOver(run: EndedRun, issue: IssueView): SettleStep {
  const ending: Ending = {
    state: 'completed',
    reason: 'issue_gated',
    detail: `the issue waits for its gates; ${exitText(run.end)}`,
    failed: null,
  };
  return issue.isClaimed
    ? { do: 'release', failed: null, deferSecs: null, ending }
    : { do: 'end', ending };
}

/** Nobody holds the issue: the lease ended, or the agent gave it back. */
function givenBack(run: EndedRun, issue: IssueView, answers: readonly SettleAnswer[]): SettleStep {
  if (issue.releasedAs !== null) return releasedAs(run, issue, issue.releasedAs);
  const handedOver = wasHandedOver(run, issue);
  if (handedOver !== null) return { do: 'end', ending: handedOver };
  if (!hasResumed(answers)) return { do: 'resume' };
  const { ending } = failedRelease(run, issue, null);
  if (run.end.reason !== 'exited') return { do: 'end', ending };
  if (ending.failed === 'gate') return { do: 'rest', deferSecs: run.backoffSecs, ending };
  return {
    do: 'rest',
    deferSecs: run.backoffSecs,
    ending: {
      state: 'failed',
      reason: 'claim_ended',
      detail: `the agent gave the issue back or its lease ended; ${exitText(run.end)}`,
      failed: 'agent',
    },
  };
}

/** The agent said itself how it failed, and for how long the issue rests: that counts, once. */
function releasedAs(run: EndedRun, issue: IssueView, failed: FailureClass): SettleStep {
  if (issue.isReleasedHere)
    return { do: 'end', ending: { ...failedRelease(run, issue, null).ending, failed } };
  const ending: Ending = {
    state: 'failed',
    reason: 'released_failed',
    detail: `the agent gave the issue back as failed (${failed}); ${exitText(run.end)}`,
    failed,
  };
  return issue.isDeferred || failed === 'rate_limit'
    ? { do: 'end', ending }
    : { do: 'rest', deferSecs: run.backoffSecs, ending };
}

/** What a run that did not finish its issue is released with. */
function failedRelease(run: EndedRun, issue: IssueView | null, refusal: string | null): Release {
  const { failed, state, reason, detail } = failureOf(run, issue, refusal);
  // An account that has to wait rests by itself: another one may take the issue at once.
  const rests = failed !== null && failed !== 'rate_limit';
  return {
    do: 'release',
    failed,
    deferSecs: rests ? run.backoffSecs : null,
    ending: { state, reason, detail, failed },
  };
}

function failureOf(run: EndedRun, issue: IssueView | null, refusal: string | null): Failure {
  if (run.gates.end !== null && issue !== null && issue.failedGates.length > 0)
    return {
      failed: 'gate',
      state: 'failed',
      reason: 'gates_failed',
      detail: `exit gates failed: ${issue.failedGates.join(', ')}`,
    };
  if (refusal === null) return run.failure;
  return {
    failed: 'gate',
    state: 'failed',
    reason: 'not_finished',
    detail: `the tracker refused done: ${refusal}`,
  };
}

function hasResumed(answers: readonly SettleAnswer[]): boolean {
  return answers.some((each) => each.to === 'resume');
}

function refusalOf(answers: readonly SettleAnswer[]): string | null {
  for (const answer of answers)
    if (answer.to === 'finish' && answer.result === 'refused') return answer.message;
  return null;
}

function end(state: Ending['state'], reason: string, detail: string): SettleStep {
  return { do: 'end', ending: { state, reason, detail, failed: null } };
}
