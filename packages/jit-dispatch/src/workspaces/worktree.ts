import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkspaceSpec } from '../run-records.ts';
import { type Git, refusalOf } from './git.ts';
import { WorkspaceError } from './place.ts';
import type { GroupEnd } from './run-in-group.ts';

/** A worktree as git lists it. */
export interface ListedWorktree {
  readonly path: string;
  readonly head: string | null;
  /** Without `refs/heads/`; null: a detached HEAD. */
  readonly branch: string | null;
  /** Why it is locked; null: it is not. */
  readonly locked: string | null;
}

/** What git itself writes while it makes a worktree. */
const BEING_MADE = 'initializing';
const TRIES = 20;
const PAUSE_MS = 250;

/** The worktrees of a repository, the main one first. */
export async function listWorktrees(git: Git, repository: string): Promise<ListedWorktree[]> {
  const listed = await git(repository, 'worktree', 'list', '--porcelain');
  if (listed.problem !== null)
    throw new WorkspaceError(`${repository} is in no git repository: ${refusalOf(listed)}`);
  return listed.stdout
    .split('\n\n')
    .filter((block) => block.startsWith('worktree '))
    .map((block) => {
      const lines = block.split('\n');
      const lineOf = (name: string): string | null => {
        const line = lines.find((each) => each === name || each.startsWith(`${name} `));
        return line?.slice(name.length + 1) ?? null;
      };
      return {
        path: lineOf('worktree') ?? '',
        head: lineOf('HEAD'),
        branch: lineOf('branch')?.replace(/^refs\/heads\//, '') ?? null,
        locked: lineOf('locked'),
      };
    });
}

/** How far an existing folder is the worktree that it should be. */
export async function stateOfWorktree(
  git: Git,
  { repository, path }: WorkspaceSpec,
): Promise<'ours' | 'half made' | 'another'> {
  const listed = (await listWorktrees(git, repository)).find((each) => each.path === path);
  if (listed?.locked === BEING_MADE) return 'half made';
  if (!existsSync(`${path}/.git`)) return 'another';
  const common = await commonDir(git, path);
  const isOurs = common !== null && common === (await commonDir(git, repository));
  const top = await git(path, 'rev-parse', '--show-toplevel');
  return isOurs && top.stdout.trim() === path ? 'ours' : 'another';
}

async function commonDir(git: Git, folder: string): Promise<string | null> {
  const { problem, stdout } = await git(
    folder,
    'rev-parse',
    '--path-format=absolute',
    '--git-common-dir',
  );
  return problem === null ? realpathSync(stdout.replace(/\n$/, '')) : null;
}

/** Refuses a name that git would not take for a branch. */
export async function demandBranchName(git: Git, cwd: string, branch: string): Promise<void> {
  const { problem } = await git(cwd, 'check-ref-format', `refs/heads/${branch}`);
  if (problem === null && !branch.startsWith('-')) return;
  throw new WorkspaceError(`${branch} can't be the name of a branch: see workspace.branch`);
}

/** The commit that a branch or other name stands for, or null. */
export async function commitOf(git: Git, cwd: string, name: string): Promise<string | null> {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const { problem, stdout } = await git(cwd, ...asked);
  return problem === null ? stdout.trim() : null;
}

/** Where a new branch begins: where it was pushed to, if that is one place; else at the base. */
export async function startOfBranch(
  git: Git,
  { repository, branch, base }: WorkspaceSpec,
): Promise<string> {
  const pushed = await git(
    repository,
    'for-each-ref',
    '--format=%(objectname)',
    `refs/remotes/*/${branch}`,
  );
  const commits = [...new Set(pushed.stdout.split('\n').filter(Boolean))];
  const start = commits.length === 1 ? commits[0] : await commitOf(git, repository, base);
  if (start) return start;
  throw new WorkspaceError(`base ${base} names no commit in ${repository}`);
}

/** Makes the worktree at a path where nothing is; a branch that is not there yet begins at `start`. */
export async function addWorktree(
  git: Git,
  { repository, path, branch }: WorkspaceSpec & { readonly branch: string },
  start: string | null,
): Promise<void> {
  const listed = await listWorktrees(git, repository);
  const other = listed.find((each) => each.branch === branch && each.path !== path);
  if (other !== undefined && existsSync(other.path))
    throw new WorkspaceError(
      `branch ${branch} is checked out at ${other.path}: switch that to another branch, or remove it with git worktree remove`,
    );
  // Its folder was deleted: git still knows it. Refused for one that is locked.
  for (const gone of [other, listed.find((each) => each.path === path)])
    if (gone !== undefined && !existsSync(gone.path)) await forgetGone(git, repository, gone);
  const what =
    start === null ? ['--', path, branch] : ['--no-track', '-b', branch, '--', path, start];
  for (let tried = 1; ; tried += 1) {
    const added = await git(repository, 'worktree', 'add', '--quiet', ...what);
    // Another worktree of the repository is being made at this moment.
    if (added.problem === null || tried === TRIES || !/\.lock': File exists/.test(added.tail))
      return demand(added);
    await pause(PAUSE_MS);
  }
}

/** Lets git forget a worktree whose folder was deleted, unless it has commits that nothing else has. */
async function forgetGone(
  git: Git,
  repository: string,
  { path, head, branch }: ListedWorktree,
): Promise<void> {
  if (branch === null && head !== null) {
    const { stdout } = await git(
      repository,
      ...['rev-list', '--single-worktree', '--count', head, '--not', '--all'],
    );
    if (stdout.trim() !== '0')
      throw new WorkspaceError(
        `${path} was deleted with commits that no branch has: keep them with \`git branch NAME ${head}\`, or \`git worktree prune\``,
      );
  }
  demand(await git(repository, 'worktree', 'remove', '--', path));
}

/** Takes back what was being made: its folder is gone already. */
export async function forgetHalfMade(git: Git, repository: string, path: string): Promise<void> {
  await git(repository, 'worktree', 'unlock', '--', path);
  const listed = await listWorktrees(git, repository);
  if (listed.some((each) => each.path === path))
    demand(await git(repository, 'worktree', 'remove', '--', path));
}

/** Deletes a branch if it is still at that commit and nowhere checked out: what came since is kept. */
export async function deleteBranch(
  git: Git,
  repository: string,
  { branch, at }: { readonly branch: string; readonly at: string },
): Promise<boolean> {
  const listed = await listWorktrees(git, repository);
  if (listed.some((each) => each.branch === branch)) return false;
  const { problem } = await git(repository, 'update-ref', '-d', `refs/heads/${branch}`, at);
  if (problem === null) await git(repository, 'config', '--remove-section', `branch.${branch}`);
  return problem === null;
}

function demand(answer: GroupEnd): void {
  if (answer.problem !== null) throw new WorkspaceError(refusalOf(answer));
}
