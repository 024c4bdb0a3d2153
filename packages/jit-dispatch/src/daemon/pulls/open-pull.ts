import { JitError } from '@jit/contract/errors';
import type { PullRequestConfig } from '../../config/pull-request.ts';
import type { Forge, ForgePull } from '../../forge/forge.ts';
import type { Pull } from '../../ledger/pulls.ts';
import { choosePull, type FoundOne } from '../../planning/judge-pull.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { PullProblem } from './pull-problem.ts';
import { pullText } from './pull-text.ts';

/** What a pushed branch has at the forge; `none`: there is nothing to merge. */
export type OpenedPull = FoundOne<ForgePull>;

/** How both forges say it. */
const NOTHING_TO_MERGE = /\bno (commits|changes) between\b/i;

/**
 * Opens the pull request of a branch that was pushed, unless it has one: looked at first, as an earlier try
 * may have got through (invariant ONE-PULL-REQUEST).
 * @param commit what was pushed
 * @throws PullProblem, JitError `FORGE_…`
 */
export async function openPull(
  dispatcher: Dispatcher,
  pull: Pull,
  {
    commit,
    forge,
    pullRequest,
  }: {
    readonly commit: string;
    readonly forge: Forge;
    readonly pullRequest: PullRequestConfig;
  },
): Promise<OpenedPull> {
  const { ledger, step } = dispatcher;
  const { run, branch } = pull;
  const look = async (): Promise<OpenedPull> => {
    const since = ledger.find(run)?.created_at ?? pull.created_at;
    const found = await forge.findPulls({ head: branch, since: null, withClosed: true });
    return choosePull(found, { commit, since });
  };
  const found = await look();
  if (found.is !== 'none') return found;
  await demandBranch(dispatcher, pull, { commit, forge, remote: pullRequest.remote });
  const base = pullRequest.base ?? (await forge.findDefaultBranch());
  if (base === branch) throw new PullProblem(`${branch} is what it would go into`, true);
  const text = await pullText(dispatcher, pull, pullRequest);
  ledger.changePull(run, { state: 'opening' });
  step('pull_opening');
  try {
    const opened = await forge.openPull({ ...text, head: branch, base, draft: pullRequest.draft });
    step('pull_sent');
    return { is: 'there', pull: opened };
  } catch (error) {
    if (!(error instanceof JitError)) throw error;
    const said = String(error.details.said ?? '');
    if (error.code === 'FORGE_REFUSED' && NOTHING_TO_MERGE.test(said)) return { is: 'none' };
    if (error.code !== 'FORGE_CONFLICT') throw error;
    // Somebody else was quicker.
    const theirs = await look();
    if (theirs.is === 'none') throw error;
    return theirs;
  }
}

/** Errors unless the forge has the commit on the branch: then a pull request is of what the run left. */
async function demandBranch(
  { ledger }: Dispatcher,
  { run, branch }: Pull,
  {
    commit,
    forge,
    remote,
  }: { readonly commit: string; readonly forge: Forge; readonly remote: string },
): Promise<void> {
  const there = await forge.findBranchCommit(branch);
  if (there === commit) return;
  // Whatever became of it: the next try pushes again, without force.
  ledger.changePull(run, { state: 'queued' });
  throw new PullProblem(
    there === null
      ? `${branch} was pushed to ${remote}, and ${forge.name} does not have it: it was deleted, or ${remote} is another repository`
      : `${branch} was pushed to ${remote}, and on ${forge.name} it is at ${there}: somebody pushed to it, or ${remote} is another repository`,
  );
}
