import type { PullRequestConfig } from '../../config/pull-request.ts';
import { identityOf } from '../../keeper/identity.ts';
import type { Pull } from '../../ledger/pulls.ts';
import { createGit, type Git, refusalOf } from '../../workspaces/git.ts';
import { pushBranch } from '../../workspaces/push-branch.ts';
import { isStanding } from '../../workspaces/standing.ts';
import { commitOf } from '../../workspaces/worktree.ts';
import { askedEnvironment } from '../asked-environment.ts';
import { markOf, PUSH_MARK } from '../classifying/mark.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { PullProblem } from './pull-problem.ts';

/** How people let git in, besides files in their home. */
const CREDENTIALS = [
  'SSH_AUTH_SOCK',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'GNUPGHOME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/**
 * Pushes what a run left on its branch; nothing else, and never over what is there.
 * @returns the commit that is on the branch of the remote now; null: there is nothing to merge
 * @throws PullProblem
 */
export async function sendBranch(
  dispatcher: Dispatcher,
  pull: Pull,
  {
    pullRequest,
    signal,
  }: { readonly pullRequest: PullRequestConfig; readonly signal: AbortSignal },
): Promise<string | null> {
  const { ledger, environment, step } = dispatcher;
  const { run, repository, branch } = pull;
  const { remote } = pullRequest;
  const git = createGit(environment, signal);
  const commit = pull.head ?? (await commitOf(git, repository, `refs/heads/${branch}`));
  if (commit === null) throw new PullProblem(`there is no branch ${branch} in ${repository}`);
  if (pull.head === null) ledger.changePull(run, { head: commit });
  if (!(await hasWork(git, pull, { commit, pullRequest }))) {
    await demandOnBranch(git, pull, commit);
    return null;
  }
  ledger.changePull(run, { state: 'pushing' });
  step('pull_pushing');
  const mark = { [PUSH_MARK]: markOf(dispatcher, identityOf(process.pid)) };
  const passEnv = [...CREDENTIALS, ...pullRequest.passEnv];
  const end = await pushBranch({
    repository,
    remote,
    branch,
    commit,
    environment: askedEnvironment(dispatcher, { env: mark, passEnv }),
    timeoutMs: pullRequest.pushTimeoutSecs * 1000,
    signal,
  });
  if (end.is === 'diverged')
    throw new PullProblem(
      `${branch} has other commits on ${remote} (${end.said}); nothing was overwritten`,
      true,
    );
  if (end.is === 'failed')
    throw new PullProblem(`${branch} could not be pushed to ${remote}: ${end.said}`);
  return commit;
}

/** Whether there are commits that the base does not have, as far as it is known here. */
async function hasWork(
  git: Git,
  { repository, base }: Pull,
  { commit, pullRequest }: { readonly commit: string; readonly pullRequest: PullRequestConfig },
): Promise<boolean> {
  const { remote, base: into } = pullRequest;
  const names = [base, `refs/remotes/${remote}/${into ?? 'HEAD'}`];
  const bases = await Promise.all(names.map((name) => commitOf(git, repository, name)));
  const known = bases.filter((each) => each !== null);
  const counted = await git(repository, 'rev-list', '--count', commit, '--not', ...known);
  if (counted.problem !== null)
    throw new PullProblem(`git can't tell what is to be merged: ${refusalOf(counted)}`);
  return counted.stdout.trim() !== '0';
}

/** Errors where the work was left somewhere else than on the branch. */
async function demandOnBranch(
  git: Git,
  { workspace, repository, branch, base }: Pull,
  commit: string,
): Promise<void> {
  if (!isStanding(workspace)) return;
  const head = await commitOf(git, workspace, 'HEAD');
  if (head === null || head === commit || head === (await commitOf(git, repository, base))) return;
  throw new PullProblem(
    `${branch} has nothing to merge, and the workspace is at ${head}: its commits are not on its branch`,
    true,
  );
}
