import { judgeGates, MAX_GATE_TRIES, type Undecided } from './judge-gates.ts';
import type { EndedRun, Ending, IssueView, SettleAnswer, SettleStep } from './settle.ts';

/** Whether the exit gates of a run are ours to run. */
export function waitsForChecks({ gates }: EndedRun, { state, openChecks }: IssueView): boolean {
  return state === 'gated' && gates.areRun && openChecks.length > 0;
}

/** The gates are run under a fresh lease, as often as it makes sense; then people have to look. */
export function checks(run: EndedRun, answers: readonly SettleAnswer[]): SettleStep {
  const problem = problemOf(run, answers);
  if (problem === null) return { do: 'resume' };
  if (hasEscalated(answers)) return giveUp(run, answers);
  return { do: 'escalate', reason: problem.reason, detail: problem.detail };
}

/** Why the gates are not run once more; null if they are. */
function problemOf({ gates }: EndedRun, answers: readonly SettleAnswer[]): Undecided | null {
  const undecided = gates.end === null ? null : judgeGates(gates.end);
  if (undecided !== null && (!undecided.mayRepeat || gates.count >= MAX_GATE_TRIES))
    return undecided;
  if (!answers.some((each) => each.to === 'resume' && each.result !== 'ok')) return null;
  return undecided ?? NO_CLAIM;
}

const NO_CLAIM: Undecided = {
  failed: 'environment',
  reason: 'gates_not_run',
  detail: 'its exit gates were not run: its claim has ended and can not be resumed',
  mayRepeat: false,
};

/** A person took the issue while its gates were run: there is nobody else to be asked. */
export function isTakenFromChecks({ gates }: EndedRun, issue: IssueView): boolean {
  return gates.end !== null && issue.isGivenBack && !issue.isReleasedHere;
}

/** People were asked: the issue stays gated, the slot is freed. */
export function giveUp(run: EndedRun, answers: readonly SettleAnswer[]): SettleStep {
  const { failed, reason, detail } = problemOf(run, answers) ?? NO_CLAIM;
  const ending: Ending = { state: 'failed', reason, detail, failed };
  return lastShown(answers)?.isClaimed === true
    ? { do: 'release', failed, deferSecs: null, ending }
    : { do: 'end', ending };
}

/** Whether people were asked. */
export function hasEscalated(answers: readonly SettleAnswer[]): boolean {
  return answers.some((each) => each.to === 'escalate');
}

/** What the tracker showed of the issue last; null if it showed none. */
export function lastShown(answers: readonly SettleAnswer[]): IssueView | null {
  const shown = answers.findLast((each) => each.to === 'show');
  return shown === undefined || shown.issue === 'unreadable' ? null : shown.issue;
}
