import { JitError } from '@jit/contract/errors';
import { idProblem } from '@jit/contract/ids';
import type { DispatchContext } from '../context.ts';
import type { TrackerAnswer, TrackerIssue } from '../tracker/tracker.ts';
import { dispatchError } from './_dispatch-error.ts';

/**
 * Takes the label off and ends the rest of issues that can be worked on, of all or of none.
 * @returns their whole ids
 * @throws JitError INVALID_REQUEST (3, 4), ALREADY_DISPATCHED (6), TRACKER_… (10)
 */
export async function admitIssues(
  context: Pick<DispatchContext, 'locateTracker' | 'readLedger'>,
  refs: readonly string[],
): Promise<string[]> {
  for (const ref of refs) {
    const problem = idProblem(ref);
    if (problem !== null)
      throw dispatchError('invalid', 'INVALID_REQUEST', `"${ref}" is no issue id: ${problem}`, {
        hint: 'jit query all shows the ids',
        details: { issue: ref },
      });
  }
  const { tracker } = await context.locateTracker();
  const shown = await tracker.call(refs.map((issue) => ({ do: 'show', issue })));
  const issues = refs.map((ref, index) => issueOf(ref, shown[index]));
  const live = (await context.readLedger())?.liveRuns() ?? [];
  for (const issue of issues) {
    const run = live.find((each) => each.issue === issue.id);
    refuseUnfit(issue, run?.agent ?? null);
  }
  const ids = [...new Set(issues.map(({ id }) => id))];
  const admitted = await tracker.callTogether(ids.map((issue) => ({ do: 'admit', issue })));
  const refused = admitted.findIndex((answer) => isFirstCause(answer));
  if (refused >= 0) throw notAdmitted(ids[refused] ?? '', admitted[refused]);
  return ids;
}

function issueOf(ref: string, answer: TrackerAnswer | undefined): TrackerIssue {
  if (answer?.is === 'ok' && answer.issues[0] !== undefined) return answer.issues[0];
  if (answer?.is !== 'refused') throw notAdmitted(ref, answer);
  const kind = answer.exit === 3 ? 'not_found' : 'invalid';
  throw dispatchError(kind, 'INVALID_REQUEST', answer.message, {
    hint: 'jit query all shows the ids; nothing was changed',
    details: { issue: ref, tracker_code: answer.code },
  });
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
