import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RegisteredWorkspace } from '../src/ledger/workspaces.ts';
import { createRepository, type Repository } from './repository.ts';

const WHO = [
  '-c',
  'user.name=test',
  '-c',
  'user.email=test@localhost',
  '-c',
  'commit.gpgsign=false',
];

/** Git, as a person would call it. Gives what it printed. */
export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', [...WHO, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A tracker in a real git repository with one commit on `main`, and a bare remote `origin`. */
export interface GitRepository extends Repository {
  readonly remote: string;
  /** Where the workspace of an issue has to be. */
  workspace(issue: string): string;
  /** What the ledger says about workspaces. */
  registered(): RegisteredWorkspace[];
}

/** Makes one that is taken down when the test ends. */
export async function createGitRepository(): Promise<GitRepository> {
  const repository = await createRepository();
  const { root } = repository;
  const remote = makeGit(root);
  return {
    ...repository,
    remote,
    workspace: (issue) => join(root, '.jit-dispatch', 'workspaces', issue),
    registered() {
      const db = new Database(join(root, '.jit-dispatch/test/ledger.db'), { readonly: true });
      try {
        return db.prepare('SELECT * FROM workspaces ORDER BY issue').all() as RegisteredWorkspace[];
      } finally {
        db.close();
      }
    },
  };
}

/** Makes a git repository of a folder, with one commit on `main` that a bare remote `origin` has, too. Gives the remote. */
export function makeGit(root: string): string {
  const remote = join(root, 'remote.git');
  mkdirSync(remote);
  git(remote, 'init', '--quiet', '--bare');
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'config', 'user.name', 'agent');
  git(root, 'config', 'user.email', 'agent@localhost');
  writeFileSync(
    join(root, '.gitignore'),
    'remote.git\nbin\nwork\nhow\n*.log\n*.token\ndispatch.toml\n.jit/\n',
  );
  writeFileSync(join(root, 'README'), 'begun\n');
  git(root, 'add', '.gitignore', 'README');
  git(root, 'commit', '--quiet', '-m', 'Begin');
  git(root, 'remote', 'add', 'origin', remote);
  git(root, 'push', '--quiet', 'origin', 'main');
  return remote;
}
