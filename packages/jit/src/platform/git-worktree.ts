import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JitError } from '@jit/contract/errors';

/** The git worktree around a folder. */
export interface Worktree {
  readonly root: string;
  /** The commit checked out, full; null before the first one, or where git is not installed. */
  readonly commit: string | null;
}

/** What git sets for its hooks: it would lead to another repository than the working directory does. */
const OF_A_HOOK = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
  'GIT_NAMESPACE',
  'GIT_QUARANTINE_PATH',
];

type Env = Readonly<Record<string, string | undefined>>;

/** The environment without what a surrounding git hook says about its repository. */
export function withoutHookEnv(env: Env): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_A_HOOK.includes(name)));
}

/**
 * The worktree that a folder lies in; null where there is none. Errors: GIT_FAILED (10) where there
 * is one and git does not want to say so.
 */
export function worktreeOf(cwd: string, env: Env): Worktree | null {
  const root = git(['rev-parse', '--show-toplevel'], cwd, env);
  if (root === 'no git') {
    const found = folderWithGit(cwd);
    return found === null ? null : { root: found, commit: null };
  }
  if (root.exit !== 0) {
    if (/not a git repository|must be run in a work tree/.test(root.stderr)) return null;
    throw gitFailed(root.stderr, cwd);
  }
  return { root: root.stdout.replace(/\r?\n$/, ''), commit: commitOf(cwd, env) };
}

/** The commit that is checked out there. Errors: GIT_FAILED (10). */
function commitOf(cwd: string, env: Env): string | null {
  const head = git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], cwd, env);
  if (head === 'no git') return null;
  if (head.exit === 0) return head.stdout.trim();
  // Before the first commit it fails in silence.
  if (head.stderr.trim() === '') return null;
  throw gitFailed(head.stderr, cwd);
}

interface GitAnswer {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function git(argv: readonly string[], cwd: string, env: Env): GitAnswer | 'no git' {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout, stderr, error } = spawnSync('git', argv, {
    cwd,
    env: { ...withoutHookEnv(env), LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) {
    // ENOENT also means that the working directory is gone.
    if ('code' in error && error.code === 'ENOENT' && existsSync(cwd)) return 'no git';
    throw gitFailed(error.message, cwd);
  }
  return { exit: status, stdout, stderr };
}

function folderWithGit(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

function gitFailed(why: string, cwd: string): JitError {
  const [line = 'no reason given'] = why.trim().split('\n');
  return new JitError('external', 'GIT_FAILED', `git can't tell the worktree of ${cwd}: ${line}`, {
    hint: 'git status in that folder says more.',
    details: { cwd, stderr: why.trim() },
  });
}
