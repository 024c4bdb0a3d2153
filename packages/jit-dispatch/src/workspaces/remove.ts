import { realpathSync, rmdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { FoundRepository } from '../planning/judge-workspace.ts';
import type { WorkspaceSpec } from '../run-records.ts';
import { createGit, type Git } from './git.ts';
import { countCommits, findRepositories } from './inspect.ts';
import { takeLock } from './lock.ts';
import { type MadeFile, madeFile } from './made.ts';
import { demandFolder, lookAt, messageOf } from './place.ts';
import { runInGroup } from './run-in-group.ts';
import { deleteTrash, moveWorkspace, settleTrash, trashOf } from './trash.ts';
import { usersOf } from './users-of.ts';
import { commitOf, deleteBranch } from './worktree.ts';

/** A workspace that nobody needs any more. */
export type Removable = Pick<WorkspaceSpec, 'kind' | 'path' | 'repository' | 'branch' | 'base'> & {
  readonly issue: string;
};

/** What came of a removal. `busy`: its lock is held; a later look will tell. */
export type Removal =
  | { readonly is: 'removed'; readonly isBranchDeleted: boolean }
  | { readonly is: 'gone' | 'busy' }
  | { readonly is: 'kept'; readonly because: string };

/** With what a workspace is removed. */
export interface Removing {
  /** Of git: the whole one of this process. */
  readonly environment: NodeJS.ProcessEnv;
  readonly hook: { readonly argv: readonly string[]; readonly timeoutMs: number } | null;
  /** Kills the hook, and then nothing is removed. */
  readonly signal?: AbortSignal | undefined;
  /** Of the hook: by allowlist. */
  readonly hookEnvironment: NodeJS.ProcessEnv;
  /** Why it must stay, or null. */
  judge(found: {
    readonly repositories: readonly FoundRepository[];
    readonly users: readonly number[];
  }): string | null;
  /** Right before it is moved out of its place. */
  onBegin(): void;
  /** Told what went wrong without consequences. */
  warn(message: string): void;
}

/**
 * Removes a workspace, if nothing is lost with it. It is looked at in its place, after its hook, and
 * again in the trash, where nobody finds it by its path; git has the last look (invariant NO-WORK-LOST).
 */
export async function removeWorkspace(workspace: Removable, removing: Removing): Promise<Removal> {
  const { path } = workspace;
  const [root, key] = [dirname(path), basename(path)];
  try {
    if (lookAt(root) === 'nothing') return { is: 'gone' };
    if (realpathSync(root) !== root) return kept(`its root is a link by now: ${root}`);
    const file = madeFile(root, key);
    const lock = takeLock(file.folder);
    if (!lock.isHeld) return { is: 'busy' };
    try {
      return await removeLocked(workspace, removing, { file, trash: trashOf(root, key) });
    } finally {
      lock.release();
      dropIfEmpty(file.folder);
    }
  } catch (error) {
    return kept(messageOf(error));
  }
}

interface Places {
  readonly file: MadeFile;
  readonly trash: string;
}

async function removeLocked(
  workspace: Removable,
  removing: Removing,
  { file, trash }: Places,
): Promise<Removal> {
  const { path, repository, branch, base, kind, issue } = workspace;
  const { hook, warn } = removing;
  const git = createGit(removing.environment);
  const made = file.read();
  if (made !== null && made.issue !== issue) return kept(`it is that of ${made.issue}`);
  await settleTrash(git, workspace, { trash, file });
  if (lookAt(path) === 'nothing') {
    file.forget();
    return { is: 'gone' };
  }
  demandFolder(path);
  const lineage = kind === 'worktree' ? { repository, branch, base } : null;
  const judge = async (folder: string): Promise<string | null> => {
    const repositories = await findRepositories(git, folder, lineage);
    return removing.judge({ repositories, users: usersOf(folder) });
  };
  const before = await judge(path);
  if (before !== null) return kept(before);
  if (hook !== null) {
    const { problem, tail } = await runInGroup({
      argv: hook.argv,
      cwd: path,
      environment: { ...removing.hookEnvironment, JIT_ISSUE_ID: issue, JIT_WORKSPACE: path },
      timeoutMs: hook.timeoutMs,
      signal: removing.signal,
    });
    if (removing.signal?.aborted) return { is: 'busy' };
    if (problem !== null) warn(`hook remove ${problem}${tail === '' ? '' : `: ${tail}`}`);
    demandFolder(path);
  }
  removing.onBegin();
  await moveWorkspace(git, workspace, { from: path, to: trash });
  const bringBack = async (because: string): Promise<Removal> => {
    if (made !== null) file.write(made);
    await moveWorkspace(git, workspace, { from: trash, to: path });
    return kept(because);
  };
  const after = await judge(trash);
  if (after !== null) return bringBack(after);
  if (made !== null) file.write({ ...made, is_going: true });
  const refusal = await deleteTrash(git, workspace, trash);
  if (refusal !== null) return bringBack(refusal);
  file.forget();
  const isOurs = made !== null && made.branch_start !== null;
  const isBranchDeleted =
    isOurs && branch !== null && (await dropBranch(git, { repository, branch, base }));
  return { is: 'removed', isBranchDeleted };
}

/** Deletes the branch that was made with a workspace, once all of it is pushed or merged. */
async function dropBranch(
  git: Git,
  { repository, branch, base }: { repository: string; branch: string; base: string },
): Promise<boolean> {
  const at = await commitOf(git, repository, `refs/heads/${branch}`);
  if (at === null) return false;
  const other = await commitOf(git, repository, base);
  const unmerged = await countCommits(git, repository, {
    of: [at],
    butNot: other === null ? [] : [other],
  });
  return unmerged === 0 && (await deleteBranch(git, repository, { branch, at }));
}

/** Locks of holders who died stay, and with them the folder. */
function dropIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty.
  }
}

function kept(because: string): Removal {
  return { is: 'kept', because };
}
