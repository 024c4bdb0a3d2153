import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/**
 * The git worktree that a folder is the top of. `main` of a linked one: the top of the main worktree,
 * or null with the reason why there is none to be known.
 */
export type Worktree =
  | { readonly kind: 'own' }
  | { readonly kind: 'linked'; readonly main: string; readonly repository: string }
  | {
      readonly kind: 'linked';
      readonly main: null;
      readonly repository: string;
      readonly why: string;
      readonly hint: string;
    };

/**
 * Whether a git worktree begins at this folder, and of which kind; null where none does. Only files are
 * read: git is not run, and GIT_DIR, which git sets for its hooks, changes nothing.
 */
export function worktreeAt(folder: string): Worktree | null {
  const path = resolve(folder, '.git');
  const stat = statOf(path);
  if (stat === undefined) return null;
  if (stat.isDirectory()) return { kind: 'own' };
  const target = /^gitdir: *(.+?)\s*$/.exec(textOf(path) ?? '')?.[1];
  // What is no pointer of git's is none of its worktrees.
  if (target === undefined) return null;
  const gitDir = resolve(folder, target);
  const pointer = textOf(resolve(gitDir, 'commondir'))?.trim();
  if (pointer !== undefined && pointer !== '') return linkedTo(resolve(gitDir, pointer));
  if (statOf(gitDir) !== undefined || basename(dirname(gitDir)) !== 'worktrees') {
    // A submodule, or a repository whose folder lies elsewhere: it has no other main worktree.
    return { kind: 'own' };
  }
  return {
    kind: 'linked',
    main: null,
    repository: gitDir,
    why: `${path} says that it is a worktree of ${gitDir}, which is not there`,
    hint: 'git worktree repair, run in the main worktree, mends the link. Until then --dir or JIT_DIR says where .jit is.',
  };
}

function linkedTo(repository: string): Worktree {
  const config = coreConfig(repository);
  const hint = 'Say with --dir or JIT_DIR where .jit is.';
  if (config.worktree !== undefined) {
    return { kind: 'linked', main: resolve(repository, config.worktree), repository };
  }
  if (config.bare) {
    const why = `the repository ${repository} is bare, it has no main worktree`;
    return { kind: 'linked', main: null, repository, why, hint };
  }
  if (basename(repository) !== '.git') {
    const why = `git does not record where the main worktree of ${repository} is`;
    return { kind: 'linked', main: null, repository, why, hint };
  }
  return { kind: 'linked', main: dirname(repository), repository };
}

interface CoreConfig {
  bare: boolean;
  worktree: string | undefined;
}

/** `core.bare` and `core.worktree` of a repository; a later line wins, as in git. */
function coreConfig(repository: string): CoreConfig {
  const config: CoreConfig = { bare: false, worktree: undefined };
  const names = ['config'];
  if (
    /^\s*worktreeConfig\s*(=\s*(true|yes|on|1)\s*)?$/im.test(textOf(`${repository}/config`) ?? '')
  )
    names.push('config.worktree');
  for (const name of names) {
    let section = '';
    for (const line of (textOf(resolve(repository, name)) ?? '').split('\n')) {
      const heading = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1];
      if (heading !== undefined) section = heading.toLowerCase();
      else if (section === 'core') readCore(line, config);
    }
  }
  return config;
}

function readCore(line: string, config: CoreConfig): void {
  const [, key = '', given] = /^\s*(\w+)\s*(?:=\s*(.*?)\s*)?$/.exec(line) ?? [];
  const value = given?.replace(/^"(.*)"$/, '$1').replace(/\\(["\\])/g, '$1');
  if (key.toLowerCase() === 'bare')
    config.bare = value === undefined || /^(true|yes|on|1)$/i.test(value);
  if (key.toLowerCase() === 'worktree' && value !== undefined && value !== '')
    config.worktree = value;
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
