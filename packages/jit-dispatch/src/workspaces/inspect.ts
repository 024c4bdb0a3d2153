import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FoundRepository } from '../planning/judge-workspace.ts';
import { type Git, refusalOf } from './git.ts';
import type { GroupEnd } from './run-in-group.ts';
import { commitOf, listWorktrees } from './worktree.ts';

/** What a worktree's own commits are compared with, besides what was pushed. */
export interface Lineage {
  readonly repository: string;
  readonly branch: string | null;
  readonly base: string;
}

const UNDER_WAY: Readonly<Record<string, string>> = {
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  MERGE_HEAD: 'a merge',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisection',
};

const NOTHING: Omit<FoundRepository, 'where'> = {
  problem: null,
  changes: 0,
  hidden: 0,
  underWay: null,
  locked: null,
  stashes: 0,
  unpushed: 0,
  hasSubmodules: false,
};

/**
 * Every git repository in a folder, itself included: also those that an outer one ignores. Links are
 * not followed.
 * @param lineage of the worktree that the folder is; null for a plain folder
 */
export async function findRepositories(
  git: Git,
  folder: string,
  lineage: Lineage | null,
): Promise<FoundRepository[]> {
  const found: FoundRepository[] = [];
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const entries = await readdir(at, { withFileTypes: true });
    const names = new Set(entries.map(({ name }) => name));
    const where = relative(folder, at);
    if (names.has('.git'))
      found.push(await inspect(git, at, { where, lineage: at === folder ? lineage : null }));
    else if (['HEAD', 'objects', 'refs'].every((name) => names.has(name)))
      found.push({ ...NOTHING, where, problem: 'it is a bare repository' });
    for (const entry of entries)
      if (entry.isDirectory() && entry.name !== '.git') open.push(join(at, entry.name));
  }
  return found;
}

/** Git said no: then nothing is known. */
class Untold extends Error {}

async function inspect(
  git: Git,
  folder: string,
  { where, lineage }: { readonly where: string; readonly lineage: Lineage | null },
): Promise<FoundRepository> {
  const ask = async (...args: readonly string[]): Promise<string> =>
    told(await git(folder, ...args));
  try {
    const top = (await ask('rev-parse', '--show-toplevel')).trim();
    if (top !== folder) throw new Untold(`it belongs to ${top}`);
    const own = (await ask('rev-parse', '--absolute-git-dir')).trim();
    const status = [
      'status',
      '--porcelain',
      '-z',
      '--untracked-files=all',
      '--ignore-submodules=none',
    ];
    const underWay = Object.keys(UNDER_WAY).find((name) => existsSync(join(own, name)));
    return {
      ...NOTHING,
      where,
      changes: entriesOf(await ask(...status)).length,
      hidden: hiddenFiles(folder, await ask('ls-files', '-v', '-z')),
      underWay: underWay === undefined ? null : (UNDER_WAY[underWay] ?? null),
      locked: await lockOf(git, folder),
      stashes: await countStashes(ask, own, lineage?.branch ?? null),
      unpushed: await countUnpushed(git, folder, lineage),
      hasSubmodules: lineage !== null && existsSync(join(own, 'modules')),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...NOTHING, where, problem };
  }
}

async function lockOf(git: Git, folder: string): Promise<string | null> {
  const listed = await listWorktrees(git, folder);
  return listed.find(({ path }) => path === folder)?.locked ?? null;
}

/** Those that are there although git was told to look away. */
function hiddenFiles(folder: string, listing: string): number {
  return entriesOf(listing).filter((entry) => {
    const isHidden = /^[a-zS] /.test(entry);
    return isHidden && lstatSync(join(folder, entry.slice(2)), { throwIfNoEntry: false });
  }).length;
}

/** Of a plain folder's repository all. A worktree shares them: those made on its branch or its commits. */
async function countStashes(
  ask: (...args: readonly string[]) => Promise<string>,
  own: string,
  branch: string | null,
): Promise<number> {
  const lines = (await ask('stash', 'list', '--format=%P%x09%gs')).split('\n').filter(Boolean);
  if (branch === null || lines.length === 0) return lines.length;
  const current = (await ask('rev-parse', '--abbrev-ref', 'HEAD')).trim();
  const log = join(own, 'logs', 'HEAD');
  const heads = existsSync(log) ? readFileSync(log, 'utf8') : '';
  return lines.filter((line) => {
    const [parents = '', subject = ''] = line.split('\t');
    const madeOn = /^(?:WIP on|On) (.+?): /.exec(subject)?.[1];
    if (madeOn !== undefined && madeOn !== '(no branch)')
      return madeOn === branch || madeOn === current;
    return heads.includes(parents.split(' ')[0] || 'no parent');
  }).length;
}

/** Commits that only this worktree, or this repository, has. */
async function countUnpushed(git: Git, folder: string, lineage: Lineage | null): Promise<number> {
  const head = await commitOf(git, folder, 'HEAD');
  if (lineage === null) {
    const own = [...(head === null ? [] : [head]), '--branches'];
    return countCommits(git, folder, { of: own, butNot: [] });
  }
  const own = told(await git(folder, 'for-each-ref', '--format=%(objectname)', 'refs/worktree'));
  const tip = lineage.branch && (await commitOf(git, folder, `refs/heads/${lineage.branch}`));
  const of = [head, tip, ...own.split('\n')].filter((each) => each !== null && each !== '');
  const base = await commitOf(git, lineage.repository, lineage.base);
  return countCommits(git, folder, { of: of as string[], butNot: base === null ? [] : [base] });
}

/** Commits that can be reached from some names, and not from others or from what was pushed. */
export async function countCommits(
  git: Git,
  folder: string,
  { of, butNot }: { readonly of: readonly string[]; readonly butNot: readonly string[] },
): Promise<number> {
  if (of.length === 0) return 0;
  const counted = await git(folder, 'rev-list', '--count', ...of, '--not', '--remotes', ...butNot);
  return Number(told(counted).trim());
}

function told(answer: GroupEnd): string {
  if (answer.problem !== null) throw new Untold(refusalOf(answer));
  return answer.stdout;
}

function entriesOf(listing: string): string[] {
  return listing.split('\0').filter(Boolean);
}
