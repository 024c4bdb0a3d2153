import { JitError } from '@jit/contract/errors';
import type { Tracker, TrackerAnswer, TrackerIssue } from '../../tracker/tracker.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import { type FoundIssue, findIssues } from '../finding/find-issues.ts';

/**
 * Takes the label off and ends the rest of issues that can be worked on, of all or of none; of several
 * repositories each by itself, once it is known that all of the issues are fit.
 * @returns their keys: the whole ids, with their repository where there are several
 * @throws JitError INVALID_REQUEST (3, 4), ALREADY_DISPATCHED (6), usage (2), TRACKER_… (10)
 */
export async function admitIssues(
  workbench: Pick<Workbench, 'sites' | 'locateTracker' | 'readLedger'>,
  refs: readonly string[],
  repository?: string,
): Promise<string[]> {
  const found = await findIssues(workbench, refs, repository);
  for (const site of new Set(found.map((each) => each.site))) {
    const live = (await workbench.readLedger(site))?.liveRuns() ?? [];
    for (const { issue } of found.filter((each) => each.site === site)) {
      const run = live.find((each) => each.issue === issue.id);
      refuseUnfit(issue, run?.agent ?? null);
    }
  }
  for (const [tracker, ids] of byTracker(found)) {
    const admitted = await tracker.callTogether(ids.map((issue) => ({ do: 'admit', issue })));
    const refused = admitted.findIndex((answer) => isFirstCause(answer));
    if (refused >= 0) throw notAdmitted(ids[refused] ?? '', admitted[refused]);
  }
  return [...new Set(found.map(({ key }) => key))];
}

function byTracker(found: readonly FoundIssue[]): ReadonlyMap<Tracker, readonly string[]> {
  const ids = new Map<Tracker, string[]>();
  for (const { tracker, issue } of found) {
    const own = ids.get(tracker) ?? [];
    if (!own.includes(issue.id)) ids.set(tracker, [...own, issue.id]);
  }
  return ids;
}

/** Refuses an issue that no agent could be started for, whatever a person says. */
function refuseUnfit(issue: TrackerIssue, runningAgent: string | null): void {
  const { id, state, assignee, isClaimed } = issue;
  const details = { issue: id, state, assignee };
  if (runningAgent !== null || isClaimed || state === 'in_progress')
    throw dispatchError(
      'conflict',
      'ALREADY_DISPATCHED',
      `${id} is being worked on by ${runningAgent ?? assignee ?? 'somebody'}`,
      { hint: 'wait until it ends; how a person takes work back is told in docs/runs.md', details },
    );
  if (state === 'done' || state === 'rejected' || state === 'archived')
    throw dispatchError('invalid', 'INVALID_REQUEST', `${id} is ${state}: nothing is left to do`, {
      hint: state === 'archived' ? 'create a new issue' : `jit issue reopen ${id} opens it again`,
      details,
    });
  if (state === 'gated')
    throw dispatchError('blocked', 'INVALID_REQUEST', `${id} waits for its gates, not for work`, {
      hint: `decide them: jit issue show ${id} lists them`,
      details,
    });
  const blockers = blockersOf(issue);
  if (blockers.length > 0)
    throw dispatchError('blocked', 'INVALID_REQUEST', `${id} is blocked: ${blockers.join(', ')}`, {
      hint: `jit issue show ${id} lists what blocks it`,
      details,
    });
}

/** What holds it back besides a rest, in words. */
export function blockersOf({ whole }: TrackerIssue): string[] {
  const { blockers } = (whole ?? {}) as { blockers?: unknown };
  if (!Array.isArray(blockers)) return [];
  return blockers.flatMap((each: { type?: unknown; issue?: unknown; gate?: unknown }) =>
    each.type === 'deferred' ? [] : `${each.type} ${each.issue ?? each.gate ?? ''}`.trim(),
  );
}

/** The others of the group were taken back because of it. */
function isFirstCause(answer: TrackerAnswer): boolean {
  return answer.is !== 'ok' && !(answer.is === 'refused' && answer.code === 'ROLLED_BACK');
}

function notAdmitted(issue: string, answer: TrackerAnswer | undefined): JitError {
  if (answer?.is === 'refused' && answer.code === 'CONDITION_NOT_MET')
    return dispatchError('conflict', 'ALREADY_DISPATCHED', `${issue} was taken just now`, {
      hint: `jit issue show ${issue} shows by whom`,
      details: { issue },
    });
  const why = answer === undefined || answer.is === 'ok' ? 'no answer' : answer.message;
  return new JitError('external', 'TRACKER_FAILED', `${issue} could not be admitted: ${why}`, {
    hint: `see \`jit issue show ${issue}\`, then run the same again`,
    retryable: true,
  });
}
