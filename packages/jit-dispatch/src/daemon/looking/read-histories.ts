import { JitError } from '@jit/contract/errors';
import { type IssueHistory, readHistory } from '../../planning/history.ts';
import type { Tracker, TrackerAnswer, TrackerIssue } from '../../tracker/tracker.ts';

/** Issues that are asked about in one call: the tracker may print 16 MiB at most. */
const TOGETHER = 50;

/**
 * What was tried at issues that were claimed before, from the tracker's log, which all dispatchers
 * share. Null for one whose log can't be read: that says nothing about the others.
 */
export async function readHistories(
  tracker: Tracker,
  issues: readonly TrackerIssue[],
): Promise<ReadonlyMap<string, IssueHistory | null>> {
  const tried = issues.filter(({ attempt }) => attempt > 0);
  const histories = new Map<string, IssueHistory | null>();
  for (let start = 0; start < tried.length; start += TOGETHER) {
    const some = tried.slice(start, start + TOGETHER);
    const answers = await ask(tracker, some);
    some.forEach(({ id, attempt }, index) => {
      const answer = answers[index];
      const isKnown = answer?.is === 'ok';
      histories.set(id, isKnown ? readHistory(answer.events ?? [], attempt) : null);
    });
  }
  return histories;
}

/** The answers; where there are too many words in them together, those of each issue by itself. */
async function ask(
  tracker: Tracker,
  issues: readonly TrackerIssue[],
): Promise<readonly TrackerAnswer[]> {
  try {
    return await tracker.call(issues.map(({ id }) => ({ do: 'history', issue: id })));
  } catch (error) {
    if (!(error instanceof JitError) || error.code !== 'TRACKER_GARBAGE') throw error;
    const [only] = issues;
    if (issues.length <= 1 || only === undefined)
      return [{ is: 'unknown', message: error.message }];
    const answers: TrackerAnswer[] = [];
    for (const issue of issues) answers.push(...(await ask(tracker, [issue])));
    return answers;
  }
}
