import { existsSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceSpec } from '../run-records.ts';
import { type Git, refusalOf } from './git.ts';
import type { MadeFile } from './made.ts';
import { lookAt, ownFolder } from './place.ts';
import { listWorktrees } from './worktree.ts';

/** A workspace that can be moved within its root. */
export type Movable = Pick<WorkspaceSpec, 'kind' | 'repository' | 'path'>;

/** Where a workspace is looked at for the last time, out of the way of those who know its path. */
export function trashOf(root: string, key: string): string {
  return join(ownFolder(root, '.trash'), key);
}

/** Moves a workspace, and tells git where its worktree is now. */
export async function moveWorkspace(
  git: Git,
  { kind, repository }: Movable,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  renameSync(from, to);
  if (kind === 'worktree') await git(repository, 'worktree', 'repair', '--', to);
}

/**
 * Deletes a workspace in the trash. Of a worktree git does it, and looks once more: null, or why it
 * refused.
 */
export async function deleteTrash(
  git: Git,
  { kind, repository }: Movable,
  trash: string,
): Promise<string | null> {
  if (kind === 'worktree') {
    const removed = await git(repository, 'worktree', 'remove', '--', trash);
    if (removed.problem !== null) return refusalOf(removed);
  }
  await rm(trash, { recursive: true, force: true, maxRetries: 3 });
  return null;
}

/**
 * What a remover that died left in the trash. Where it had begun to delete, it is deleted to the end:
 * all that git still misses then is what it deleted itself. Else it is brought back. Gives what was
 * done, or null if nothing was there.
 */
export async function settleTrash(
  git: Git,
  workspace: Movable,
  { trash, file }: { readonly trash: string; readonly file: MadeFile },
): Promise<'brought back' | 'deleted' | null> {
  if (lookAt(trash) !== 'folder' || lookAt(workspace.path) !== 'nothing') return null;
  const { kind, repository, path } = workspace;
  if (file.read()?.is_going && (kind === 'dir' || (await isOnlyDeleted(git, trash)))) {
    rmSync(trash, { recursive: true, force: true, maxRetries: 3 });
    const listed = kind === 'worktree' ? await listWorktrees(git, repository) : [];
    if (listed.some((each) => each.path === trash))
      await git(repository, 'worktree', 'remove', '--', trash);
    file.forget();
    return 'deleted';
  }
  await moveWorkspace(git, workspace, { from: trash, to: path });
  return 'brought back';
}

/** Whether nothing is there that the last commit does not have. */
async function isOnlyDeleted(git: Git, trash: string): Promise<boolean> {
  if (!existsSync(join(trash, '.git'))) return true;
  const { problem, stdout } = await git(
    trash,
    'status',
    '--porcelain',
    '-z',
    '--untracked-files=all',
  );
  return (
    problem === null && stdout.split('\0').every((entry) => entry === '' || entry.startsWith(' D'))
  );
}
