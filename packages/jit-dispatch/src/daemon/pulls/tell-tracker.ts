import type { Pull } from '../../ledger/pulls.ts';
import type { TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { PullProblem } from './pull-problem.ts';

/** The name of the link. */
const LINK = 'pull_request';
const MISSING: readonly string[] = ['NOT_FOUND', 'DELETED'];

/** Links the issue to its pull request, and says so in a comment, once. To be repeated after a crash. */
export async function linkPull(dispatcher: Dispatcher, { issue, url }: Pull): Promise<void> {
  if (url === null) return;
  const link: TrackerCall = { do: 'link', issue, name: LINK, url };
  await tell(dispatcher, issue, { comment: `Pull request: ${url}`, more: [link] });
}

/** Says in a comment why there is no pull request, once for each reason. */
export async function commentFailure(
  dispatcher: Dispatcher,
  { issue, run, branch, error }: Pull,
): Promise<void> {
  const first = `No pull request was opened for run ${run}: ${error ?? 'no reason is known'}`;
  const text = `${first}.\n\nIts work is on branch ${branch}. Once the cause is gone, \`jit-dispatch retry-pull ${run}\` tries again; or push the branch and open one by hand.`;
  const [mark] = first.split('\n');
  await tell(dispatcher, issue, { comment: text, mark, more: [] });
}

/** @param mark by which the comment is known; default: all of it */
async function tell(
  { tracker, step }: Dispatcher,
  issue: string,
  {
    comment,
    mark = comment,
    more,
  }: {
    readonly comment: string;
    readonly mark?: string | undefined;
    readonly more: readonly TrackerCall[];
  },
): Promise<void> {
  const [comments] = await tracker.call([{ do: 'comments', issue }]);
  if (comments?.is === 'refused' && MISSING.includes(comments.code)) return;
  if (comments?.is !== 'ok')
    throw new PullProblem(`the tracker could not be asked: ${comments?.message ?? 'no answer'}`);
  const isSaid = comments.events?.some(({ text }) => text?.includes(mark)) ?? false;
  const calls: TrackerCall[] = [...more];
  if (!isSaid) calls.push({ do: 'comment', issue, text: comment });
  const answers = await tracker.call(calls);
  step('pull_told');
  for (const answer of answers) {
    if (answer.is === 'ok' || (answer.is === 'refused' && MISSING.includes(answer.code))) continue;
    throw new PullProblem(`the tracker did not take it: ${answer.message}`);
  }
}
