import { JitError } from '@jit/contract/errors';
import type { Run } from '../../ledger/run.ts';
import type { Tracker, TrackerAnswer, TrackerCall, TrackerIssue } from '../../tracker/tracker.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { dispatchError } from '../dispatch-error.ts';
import type { FoundIssue } from '../finding/find-issues.ts';
import type { SoundRequest } from './dispatch-request.ts';

/** An issue that is to be admitted, and how. */
export interface Admission extends FoundIssue {
  readonly request: SoundRequest;
}

/** What became of admissions. */
export interface Admitted {
  readonly done: readonly Admission[];
  /** Those that were begun meanwhile, as they were asked for. */
  readonly begun: ReadonlyMap<Admission, Run>;
  readonly refused: ReadonlyMap<Admission, JitError>;
}

/** Why an issue can't be worked on whatever a person says; null if it can. */
export async function unfitIssue(
  workbench: Pick<Workbench, 'readLedger'>,
  { site, issue }: FoundIssue,
): Promise<JitError | null> {
  const live = (await workbench.readLedger(site))?.liveRuns() ?? [];
  const run = live.find((each) => each.issue === issue.id);
  return whyUnfit(issue, run?.agent ?? null);
}

/**
 * Takes the labels off that keep dispatchers away, ends a rest or begins one, and writes the wishes: of the
 * issues of each tracker all in one write. One that was taken meanwhile is left out, or ends it for all.
 * @throws JitError TRACKER_… (10); with `isTogether` also ALREADY_DISPATCHED (6)
 */
export async function admitIssues(
  all: readonly Admission[],
  {
    isTogether,
    by,
    begunAs,
  }: {
    /** All of them, or none. */
    readonly isTogether: boolean;
    /** Who admits them. */
    readonly by: string;
    /** The run by which an admission has come true meanwhile, or null. */
    readonly begunAs: (admission: Admission) => Promise<Run | null>;
  },
): Promise<Admitted> {
  const begun = new Map<Admission, Run>();
  const refused = new Map<Admission, JitError>();
  for (const tracker of new Set(all.map((each) => each.tracker))) {
    let rest = all.filter((each) => each.tracker === tracker);
    while (rest.length > 0) {
      const problem = await admitTogether(tracker, rest, by);
      if (problem === null) break;
      const run = await begunAs(problem.of);
      if (run === null && isTogether) throw problem.error;
      if (run === null) refused.set(problem.of, problem.error);
      else begun.set(problem.of, run);
      rest = rest.filter((each) => each !== problem.of);
    }
  }
  const done = all.filter((each) => !refused.has(each) && !begun.has(each));
  return { done, begun, refused };
}

async function admitTogether(
  tracker: Tracker,
  admissions: readonly Admission[],
  by: string,
): Promise<{ of: Admission; error: JitError } | null> {
  const calls = admissions.flatMap((of) => callsOf(of, by).map((call) => ({ of, call })));
  const answers = await tracker.callTogether(calls.map(({ call }) => call));
  const index = calls.findIndex((_, at) => isFirstCause(answers[at]));
  const first = calls[index];
  return first === undefined
    ? null
    : { of: first.of, error: notAdmitted(first.of.issue.id, answers[index]) };
}

function callsOf({ issue: { id: issue }, request }: Admission, by: string): TrackerCall[] {
  const { metadata, priority, notBefore: until, to } = request;
  const admit: TrackerCall = { do: 'admit', issue, metadata, priority, until, by };
  return !to ? [admit] : [admit, { do: 'reserve', issue, agent: to }];
}

function whyUnfit(issue: TrackerIssue, runningAgent: string | null): JitError | null {
  const { id, state, assignee, isClaimed } = issue;
  const details = { issue: id, state, assignee };
  // Before who works on it: a run may not be settled yet.
  if (state === 'done' || state === 'rejected' || state === 'archived')
    return dispatchError('invalid', 'INVALID_REQUEST', `${id} is ${state}: nothing is left to do`, {
      hint: state === 'archived' ? 'create a new issue' : `jit issue reopen ${id} opens it again`,
      details,
    });
  if (runningAgent !== null || isClaimed || state === 'in_progress')
    return dispatchError(
      'conflict',
      'ALREADY_DISPATCHED',
      `${id} is being worked on by ${runningAgent ?? assignee ?? 'somebody'}`,
      { hint: 'wait until it ends; how a person takes work back is told in docs/runs.md', details },
    );
  if (state === 'gated')
    return dispatchError('blocked', 'INVALID_REQUEST', `${id} waits for its gates, not for work`, {
      hint: `decide them: jit issue show ${id} lists them`,
      details,
    });
  const blockers = blockersOf(issue);
  if (blockers.length > 0)
    return dispatchError('blocked', 'INVALID_REQUEST', `${id} is blocked: ${blockers.join(', ')}`, {
      hint: `jit issue show ${id} lists what blocks it`,
      details,
    });
  return null;
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
function isFirstCause(answer: TrackerAnswer | undefined): boolean {
  return answer?.is !== 'ok' && !(answer?.is === 'refused' && answer.code === 'ROLLED_BACK');
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
