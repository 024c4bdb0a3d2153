/** What can come of an order. */
export const ORDER_OUTCOMES = [
  'canceled',
  'held',
  'already_held',
  'reassigned',
  'already_there',
  'finished_first',
  'gated',
  'taken_by_other',
  'issue_missing',
  'refused',
] as const;
export type OrderOutcome = (typeof ORDER_OUTCOMES)[number];

/** What a person ordered. */
export interface OrderAim {
  readonly kind: 'cancel' | 'reassign';
  /** The run that it ends, or null. */
  readonly run: string | null;
  /** Who is to get the issue, of `reassign`. */
  readonly agent: string | null;
}

/** The live run of its issue here. */
export interface OrderRun {
  readonly run: string;
  readonly agent: string;
  /** Its agent has ended, and the exit gates are being run. */
  readonly hasGates: boolean;
}

/** What the tracker shows of the issue. */
export interface OrderIssue {
  readonly state: string;
  readonly isClaimed: boolean;
  /** The label is on by which a person keeps dispatchers away. */
  readonly isHeld: boolean;
  readonly assignee: string | null;
  /** Its metadata names the only agent that gets it. */
  readonly isGiven: boolean;
}

/** What the tracker is asked: that label on or off; to reserve the issue for the agent and to admit it. */
export type OrderCall = 'hold' | 'unhold' | 'show' | 'give';

/** What the tracker answered, in the order it was asked. */
export type OrderAnswer =
  | { readonly is: 'done' }
  | { readonly is: 'shown'; readonly issue: OrderIssue }
  | { readonly is: 'missing' }
  | { readonly is: 'refused'; readonly code: string; readonly message: string };

/** The next thing to do for an order. */
export type OrderStep =
  | { readonly do: 'ask'; readonly call: OrderCall }
  /** Stop the processes of the run; the order waits until it is settled. */
  | { readonly do: 'stop' }
  | { readonly do: 'end'; readonly outcome: OrderOutcome; readonly detail: string };

/**
 * Decides the next step for an order from what is so now, not from what was done before: it may be
 * asked again in every cycle. `answers`: what came of its steps in this one.
 */
export function judgeOrder(
  aim: OrderAim,
  live: OrderRun | null,
  answers: readonly OrderAnswer[],
): OrderStep {
  return aim.kind === 'cancel' ? cancel(aim, live, answers) : reassign(aim, live, answers);
}

const GONE = end('issue_missing', 'the issue does not exist any more');

function cancel(
  { run }: OrderAim,
  live: OrderRun | null,
  [held, shown, unheld]: readonly OrderAnswer[],
): OrderStep {
  // The label first: nobody may find the issue free and not marked.
  if (held === undefined) return { do: 'ask', call: 'hold' };
  if (live !== null) return { do: 'stop' };
  if (held.is === 'missing') return GONE;
  const canceled = end('canceled', 'its run has ended; no dispatcher starts it');
  if (held.is !== 'refused')
    return run === null ? end('held', 'no dispatcher starts it') : canceled;
  if (held.code !== 'CONDITION_NOT_MET') return end('refused', held.message);
  if (shown === undefined) return { do: 'ask', call: 'show' };
  if (shown.is !== 'shown') return GONE;
  if (isFinished(shown.issue)) return finishedFirst(shown.issue, unheld);
  return run === null ? end('already_held', 'no dispatcher starts it, as before') : canceled;
}

function reassign(
  { run, agent }: OrderAim,
  live: OrderRun | null,
  answers: readonly OrderAnswer[],
): OrderStep {
  if (live !== null) {
    if (live.run !== run)
      return live.agent === agent
        ? end('already_there', `${agent} works on it`)
        : end('taken_by_other', `${live.agent} works on it by now`);
    if (live.hasGates) return end('gated', 'its agent has ended, and its exit gates are being run');
    // Held while it is free: no other dispatcher takes it in between.
    return answers.length === 0 ? { do: 'ask', call: 'hold' } : { do: 'stop' };
  }
  const [shown, given] = answers;
  if (shown === undefined) return { do: 'ask', call: 'show' };
  if (shown.is !== 'shown') return GONE;
  const { issue } = shown;
  if (isFinished(issue)) return finishedFirst(issue, given);
  if (issue.isClaimed && issue.state !== 'gated')
    return end('taken_by_other', `${issue.assignee ?? 'somebody'} works on it by now`);
  if (issue.state === 'gated')
    return issue.isHeld && given === undefined
      ? { do: 'ask', call: 'unhold' }
      : end('gated', 'it waits for its gates, not for work');
  if (given === undefined) return { do: 'ask', call: 'give' };
  if (given.is === 'missing') return GONE;
  if (given.is !== 'refused') return end('reassigned', `reserved for ${agent}, who gets it next`);
  const isTaken = given.code === 'ALREADY_CLAIMED' || given.code === 'CONDITION_NOT_MET';
  return end(isTaken ? 'taken_by_other' : 'refused', given.message);
}

/** The label that was put on while it ended is of no use on a finished issue. */
function finishedFirst(issue: OrderIssue, unheld: OrderAnswer | undefined): OrderStep {
  if (issue.isHeld && unheld === undefined) return { do: 'ask', call: 'unhold' };
  return end('finished_first', `it is ${issue.state}: nothing was left to stop`);
}

function isFinished({ state }: OrderIssue): boolean {
  return state === 'done' || state === 'rejected' || state === 'archived';
}

function end(outcome: OrderOutcome, detail: string): OrderStep {
  return { do: 'end', outcome, detail };
}
