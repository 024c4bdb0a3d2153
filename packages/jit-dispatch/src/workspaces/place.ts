import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** Why there is no workspace, in words for people. Nothing was started in it. */
export class WorkspaceError extends Error {}

/** The folders in a root that are ours; the ids of issues don't begin with a dot. */
export type OwnFolder = '.state' | '.trash';

const HASH_LENGTH = 16;
/** As long as ids may be. */
const LONGEST = 128;
const SHORTENED = 100;

/** The name of an issue's workspace: its id, and with a hash where that is no safe name, so that no two are the same. */
export function workspaceKey(issue: string): string {
  const safe = issue.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[.-]/, '_');
  return withHash(issue, safe.slice(0, issue.length > LONGEST ? SHORTENED : LONGEST) || '_');
}

/** What stands for an issue in the name of a branch. Git takes neither `..` nor `.lock` at the end. */
export function branchKey(issue: string): string {
  const safe = workspaceKey(issue)
    .replace(/\.{2,}/g, '_')
    .replace(/\.(lock)?$/, '_$1');
  return safe === workspaceKey(issue) ? safe : withHash(issue, safe);
}

function withHash(issue: string, safe: string): string {
  if (safe === issue) return issue;
  return `${safe}-${createHash('sha256').update(issue).digest('hex').slice(0, HASH_LENGTH)}`;
}

/** The path with all links resolved, as far as it exists. */
export function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return join(resolveLinks(dirname(path)), basename(path));
  }
}

/** What a root must keep clear of. */
export interface Surroundings {
  readonly repository: string;
  readonly jit_dir: string | null;
}

/** Why a workspace may not be there, or null. All paths with links resolved. */
export function placeProblem(
  root: string,
  path: string,
  { repository, jit_dir }: Surroundings,
): string | null {
  const own = resolveLinks(repository);
  if (root === own) return `its root is the repository itself: ${root}`;
  if (jit_dir !== null && isWithin(root, resolveLinks(jit_dir)))
    return `its root is inside .jit: ${root}`;
  if (root.split(sep).includes('.git')) return `its root is inside .git: ${root}`;
  if (isWithin(own, path)) return `the repository is inside it: ${path}`;
  if (dirname(path) !== root) return `it would not be in its root ${root}: ${path}`;
  return null;
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}

/** Makes the root if it is missing, ignored by a repository around it, and resolves it. */
export function openRoot(root: string): string {
  try {
    if (mkdirSync(root, { recursive: true }) !== undefined)
      writeFileSync(join(root, '.gitignore'), '*\n', { flag: 'wx' });
    return realpathSync(root);
  } catch (error) {
    throw new WorkspaceError(`its root can't be used: ${messageOf(error)}`);
  }
}

/** What is at the path of a workspace. Only `folder` may be used (invariant ROOT-NEVER-LEFT). */
export function lookAt(path: string): 'nothing' | 'folder' | 'link' | 'other' {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 'nothing';
  if (stat.isSymbolicLink()) return 'link';
  return stat.isDirectory() ? 'folder' : 'other';
}

/** Makes sure that the folder is there, is no link and lies where its path says. */
export function demandFolder(path: string): void {
  const found = lookAt(path);
  if (found === 'nothing') throw new WorkspaceError(`it is gone: ${path}`);
  if (found === 'link')
    throw new WorkspaceError(`it is a link, and links are not followed: ${path}; remove the link`);
  if (found === 'other')
    throw new WorkspaceError(`it is no folder: ${path}; move it away, it is not removed`);
  const real = realpathSync(path);
  if (real !== path) throw new WorkspaceError(`it leads out of its root: ${path} is ${real}`);
}

/** A folder of ours in a root, made if it is missing. */
export function ownFolder(root: string, ...names: readonly [OwnFolder, ...string[]]): string {
  let path = root;
  for (const name of names) {
    path = join(path, name);
    if (lookAt(path) === 'nothing') mkdirSync(path, { recursive: true, mode: 0o700 });
    demandFolder(path);
  }
  return path;
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
