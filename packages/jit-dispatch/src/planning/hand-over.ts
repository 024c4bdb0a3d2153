import { exitText } from './classify.ts';
import type { EndedRun, Ending, IssueView, SettleAnswer, SettleStep } from './settle.ts';

/** Stands at the beginning of the reason with which a hand-over gives the issue back: it is counted by it. */
export const HANDED_OVER = 'handed_over';

/** So many parts are named. */
const MAX_NAMED = 100;

/**
 * Whether an agent may have handed parts of its issue over: it says that it is done, and its issue
 * depends on others. Nothing could be claimed that waits, so what waits now was added meanwhile.
 */
export function mayHandOver(run: EndedRun, { dependencies }: IssueView): boolean {
  return hasEndedWell(run) && dependencies > 0;
}

/** Its parts are looked at, once; an issue that waits for none was not handed over. */
export function handOverParts(answers: readonly SettleAnswer[]): readonly string[] | null {
  for (const answer of answers) if (answer.to === 'parts') return answer.unfinished;
  return null;
}

/** The claim ends without a failure, and the slot is free while the parts are worked on. */
export function releaseForParts(run: EndedRun, parts: readonly string[]): SettleStep {
  return { do: 'release', failed: null, deferSecs: null, ending: handedOver(run, parts) };
}

/** An issue that nobody holds any more was handed over: by this run before a crash, or by the agent itself. */
export function wasHandedOver(run: EndedRun, issue: IssueView): Ending | null {
  if (!hasEndedWell(run) || issue.releasedAs !== null) return null;
  if (!issue.isHandedOver && issue.waitsFor.length === 0) return null;
  return handedOver(run, issue.waitsFor);
}

function hasEndedWell({ end, gates }: EndedRun): boolean {
  return end.reason === 'exited' && end.code === 0 && gates.end === null;
}

function handedOver({ end }: EndedRun, parts: readonly string[]): Ending {
  const named = parts.slice(0, MAX_NAMED).join(', ');
  const more = parts.length > MAX_NAMED ? ` and ${parts.length - MAX_NAMED} more` : '';
  const what = parts.length === 0 ? 'its parts are finished' : `it waits for ${named}${more}`;
  return {
    state: 'completed',
    reason: HANDED_OVER,
    detail: `${what}; ${exitText(end)}`,
    failed: null,
  };
}
