import type { Run } from '../../ledger/run.ts';
import {
  type EndedRun,
  type Ending,
  nextSettleStep,
  type SettleAnswer,
  type SettleStep,
} from '../../planning/settle.ts';
import { isEndedByOrder, nextOrderedStep } from '../../planning/settle-ordered.ts';
import { nextTakenBackStep, takenBackEnding } from '../../planning/settle-taken-back.ts';
import type { Dispatcher } from '../dispatcher.ts';

/** How the next step for an ended run is found. */
export type NextStep = (answers: readonly SettleAnswer[]) => SettleStep;

/**
 * The steps of settling a run. One that a person ordered to end, and that did not end by itself
 * before, goes back without a failure; gates are not begun for it.
 */
export function stepsFor(dispatcher: Dispatcher, run: Run, ended: EndedRun): NextStep {
  const ending = orderedEnding(dispatcher, run);
  if (ending === null) {
    const takenBack = takenBackEnding(ended);
    if (takenBack !== null) return (answers) => nextTakenBackStep(ended, takenBack, answers);
    return (answers) => nextSettleStep(ended, answers);
  }
  if (isEndedByOrder(ended)) return (answers) => nextOrderedStep(ended, ending, answers);
  return (answers) => {
    const step = nextSettleStep(ended, answers);
    return step.do === 'gates' ? nextOrderedStep(ended, ending, lastShow(answers)) : step;
  };
}

/** How the run ends because of the latest open order about it; null: nobody ordered anything. */
function orderedEnding({ ledger }: Dispatcher, { run }: Run): Ending | null {
  const order = ledger.openOrders().findLast((each) => each.run === run && each.begun_at !== null);
  if (order === undefined) return null;
  const { kind, agent, who, reason } = order;
  const what = kind === 'cancel' ? `canceled by ${who}` : `given to ${agent} by ${who}`;
  return {
    state: 'canceled',
    reason: kind === 'cancel' ? 'canceled' : 'reassigned',
    detail: reason === '' ? what : `${what}: ${reason}`,
    failed: null,
  };
}

/** Its claim is ours again if a lease had to be resumed before. */
function lastShow(answers: readonly SettleAnswer[]): readonly SettleAnswer[] {
  const shown = answers.findLast((each) => each.to === 'show');
  if (shown === undefined || shown.issue === 'unreadable' || shown.issue === null)
    return shown === undefined ? [] : [shown];
  return [{ to: 'show', issue: { ...shown.issue, isClaimed: true } }];
}
