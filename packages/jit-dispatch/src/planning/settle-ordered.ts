import type { EndedRun, Ending, RunEnd, SettleAnswer, SettleStep } from './settle.ts';

/** Ends of processes that a stop from here brings about. */
const STOPPED: readonly RunEnd['reason'][] = [
  'canceled',
  'keeper_died',
  'keeper_failed',
  'never_started',
];

/** Whether a person's order ended the processes of a run: then it is nobody's failure. */
export function isEndedByOrder({ end, gates }: Pick<EndedRun, 'end' | 'gates'>): boolean {
  return STOPPED.includes((gates.end ?? end).reason);
}

/**
 * The next step for a run that a person's order ended: its issue goes back without a failure, and its
 * exit gates are not run. Every step may be repeated after a crash.
 */
export function nextOrderedStep(
  { attempt }: Pick<EndedRun, 'attempt'>,
  ending: Ending,
  answers: readonly SettleAnswer[],
): SettleStep {
  const last = answers.at(-1);
  if (last?.to === 'release') return { do: 'end', ending: last.ending };
  if (last?.to !== 'show') return { do: 'show' };
  const { issue } = last;
  if (issue === 'unreadable') return lost(last.code, last.message);
  if (issue === null) return lost('issue_missing', 'the issue does not exist any more');
  if (issue.attempt !== attempt)
    return lost('taken_over', `attempt ${issue.attempt} has begun since; ${ending.detail}`);
  switch (issue.state) {
    case 'done':
    case 'rejected':
    case 'archived': {
      const reason = `issue_${issue.state}`;
      return { do: 'end', ending: { ...ending, state: 'completed', reason } };
    }
    default:
      return issue.isClaimed
        ? { do: 'release', failed: null, deferSecs: null, ending }
        : { do: 'end', ending };
  }
}

function lost(reason: string, detail: string): SettleStep {
  return { do: 'end', ending: { state: 'lost', reason, detail, failed: null } };
}
