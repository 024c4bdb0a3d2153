import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PullRequestOutput } from '@jit/contract/outputs/dispatch';
import Database from 'better-sqlite3';
import type { Pull } from '../src/ledger/pulls.ts';
import type { ForgeServer } from './forge/forge-server.ts';
import { startGitea } from './forge/gitea-server.ts';
import { startGithub } from './forge/github-server.ts';
import type { MemoryRepository } from './forge/memory-repository.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';
import { createGitRepository, type GitRepository, git } from './worktrees.ts';

/** Worktrees whose work becomes pull requests on GitHub. */
export const PULL_TABLES = '[workspace]\nkind = "worktree"\n[pull_request]\non = "github"';

/** What the branches of a forge are, is asked of a bare repository. */
export function serveRemote({ branches }: MemoryRepository, remote: string): void {
  const commitOf = (branch: string): string | undefined =>
    git(remote, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`) || undefined;
  branches.get = commitOf;
  branches.has = (branch) => commitOf(branch) !== undefined;
}

/** The token that the servers know, in a file of its owner. */
export function writeToken(root: string, token = 'token-of-robot'): void {
  writeFileSync(join(root, 'forge.token'), token, { mode: 0o600 });
}

/** A git repository with a dispatcher whose work becomes pull requests, and the forge behind its remote. */
export interface PullRepository extends GitRepository {
  readonly server: ForgeServer;
  /** The pull requests there, of all states. */
  pulls(): MemoryRepository['issues'];
  /** What the ledger says, the oldest first. */
  rows(): Pull[];
  /** All of them are tried again now. */
  dueNow(): void;
  /** What `show` says of the last run of an issue. */
  told(issue: string): Promise<PullRequestOutput | null>;
  /** Cycles until no run is live. */
  settle(): Promise<unknown>;
}

/** Commits the id of its issue. */
export const WORK = `#!/bin/sh
set -e
echo "$JIT_ISSUE_ID" > result
git add result
git commit --quiet -m "Work for $JIT_ISSUE_ID"
`;

/** Makes one that is taken down when the test ends. */
export async function createPullRepository(
  kind: 'github' | 'gitea',
  { keys = '', work = WORK, tables = '' } = {},
): Promise<PullRepository> {
  const repository = await createGitRepository();
  const { root, remote } = repository;
  const server = kind === 'github' ? await startGithub() : await startGitea();
  serveRemote(server.repository, remote);
  writeToken(root);
  repository.script('work', work);
  repository.configure(
    `[workspace]\nkind = "worktree"\n[pull_request]\non = "${kind}"\n${keys}\n[${kind}]\nrepository = "acme/anvil"\nurl = "${server.url}"\ntoken_file = "forge.token"\n${tables}\n[[agents]]\nid = "a"\ncapacity = 4\ncompletion = "exit"\ncommand = "./work"\n`,
  );
  const inLedger = <T>(work: (db: Database.Database) => T): T => {
    const db = new Database(join(root, '.jit-dispatch/test/ledger.db'));
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const rows = () =>
    inLedger((db) => db.prepare('SELECT * FROM pull_requests ORDER BY rowid').all() as Pull[]);
  return {
    ...repository,
    server,
    pulls: () => server.repository.issues.filter(({ pull }) => pull !== null),
    rows,
    dueNow: () => inLedger((db) => db.exec('UPDATE pull_requests SET next_try_at = NULL')),
    async told(issue) {
      const [last] = await repository.runs('--issue', issue);
      return last?.pull_request ?? null;
    },
    settle: () =>
      until('every run is settled', async () => {
        if (!isQuiet(root)) return false;
        await repository.once();
        return (await repository.runs()).length === 0;
      }),
  };
}
