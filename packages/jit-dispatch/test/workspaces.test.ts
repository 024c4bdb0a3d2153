import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from './until.ts';
import { createGitRepository, git } from './worktrees.ts';

/** A guard against hanging: eighty processes of agents take a while on a busy machine. */
const LIMIT_MS = 300_000;

/** What the agents of forty issues do with their commit, in turn. */
const HOW = ['push', 'merge', 'leave', 'dirty', 'stash'] as const;

const WORK = `#!/bin/sh
set -e
[ "$(pwd -P)" = "$JIT_WORKSPACE" ]
[ "$(git rev-parse --abbrev-ref HEAD)" = "jit/$JIT_ISSUE_ID" ]
[ "$(jit where --json | grep -c "$JIT_DIR")" = 1 ]
echo "$JIT_ISSUE_ID" > result
git add result
git commit --quiet -m "Work for $JIT_ISSUE_ID"
case $(cat "$JIT_DIR/../how/$JIT_ISSUE_ID") in
  push) git push --quiet origin HEAD ;;
  dirty) git push --quiet origin HEAD; echo more > not-added ;;
  stash) git push --quiet origin HEAD; echo more >> result; git stash --quiet ;;
esac
`;

test('40 issues through worktrees with branches: what is pushed or merged goes, nothing else ever', {
  timeout: 2 * LIMIT_MS,
}, async () => {
  const repository = await createGitRepository();
  const { root } = repository;
  repository.script('work', WORK);
  repository.configure(
    `poll_interval_secs = 1\n[workspace]\nkind = "worktree"\n[[agents]]\nid = "a"\ncapacity = 6\ncompletion = "exit"\ncommand = "./work"\n`,
  );
  mkdirSync(join(root, 'how'));
  const how = new Map<string, (typeof HOW)[number]>();
  for (let n = 0; n < 40; n += 1) {
    const id = await repository.create(`Issue ${n}`);
    const each = HOW[n % HOW.length] ?? 'push';
    how.set(id, each);
    writeFileSync(join(root, 'how', id), each);
  }
  const daemon = repository.start();
  // From its log: asking the tracker all the time would take the agents' processors.
  const ends = () =>
    daemon
      .log()
      .split('\n')
      .filter((line) => line.includes('Z completed'));
  await until('all are completed', () => ends().length === how.size, LIMIT_MS);
  const of = (...words: string[]) =>
    [...how].filter(([, w]) => words.includes(w)).map(([id]) => id);
  await until(
    'what was pushed is removed',
    () => of('push').every((id) => !existsSync(repository.workspace(id))),
    LIMIT_MS,
  );
  const branches = () => git(root, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/jit');
  await until('their branches are gone', () => of('push').every((id) => !branches().includes(id)));
  for (const id of of('merge'))
    git(root, 'merge', '--quiet', '--no-edit', '-X', 'theirs', `jit/${id}`);
  expect((await daemon.stop()).exit).toBe(0);
  await repository.once();

  const gone = of('push', 'merge');
  const kept = of('leave', 'dirty', 'stash');
  expect(gone.filter((id) => existsSync(repository.workspace(id)))).toEqual([]);
  expect(kept.filter((id) => !existsSync(repository.workspace(id)))).toEqual([]);
  expect(branches().split('\n').sort()).toEqual(kept.map((id) => `jit/${id}`).sort());
  const because = new Map(repository.registered().map((each) => [each.issue, each.kept_because]));
  for (const id of of('leave')) expect(because.get(id)).toBe('not pushed or merged: 1 commit');
  for (const id of of('dirty')) expect(because.get(id)).toBe('uncommitted: 1 file');
  for (const id of of('stash')) expect(because.get(id)).toBe('stashed: 1 change');
  // Every commit that was ever made is still somewhere.
  const subjects = git(root, 'log', '--all', '--format=%s').split('\n');
  for (const id of how.keys()) expect(subjects).toContain(`Work for ${id}`);
  for (const id of of('dirty'))
    expect(readFileSync(join(repository.workspace(id), 'not-added'), 'utf8')).toBe('more\n');
  const said = daemon
    .log()
    .split('\n')
    .filter((line) => line.includes('kept: '));
  expect(new Set(said.map((line) => line.slice(25))).size).toBe(said.length);
  expect(git(root, 'status', '--porcelain')).toBe('');

  for (const id of of('leave')) git(root, 'push', '--quiet', 'origin', `jit/${id}`);
  await repository.once();
  expect(of('leave').filter((id) => existsSync(repository.workspace(id)))).toEqual([]);
  console.log(
    `${how.size} issues through worktrees: ${gone.length} pushed or merged and removed, ${kept.length} kept, ${of('leave').length} of them removed once pushed, 0 commits lost`,
  );
});

test('a run without a workspace is a failure of the environment; a lost ledger loses no workspace', async () => {
  const repository = await createGitRepository();
  const { root } = repository;
  repository.script('work', '#!/bin/sh\necho more > not-added\n');
  const configure = (where: string) =>
    repository.configure(
      `[retry]\nfirst_secs = 0\n[workspace]\nkind = "worktree"\n${where}\n[[agents]]\nid = "a"\ncompletion = "exit"\ncommand = "./work"\n`,
    );
  configure('root = ".jit/w"');
  const id = await repository.create('Issue');
  const { failed } = await repository.once();
  expect(failed).toMatchObject([
    { issue: id, state: 'failed', reason: 'workspace_failed', failed: 'environment' },
  ]);
  expect(failed[0]?.detail).toContain('its root is inside .jit');
  configure('');
  await until('it is done', async () => {
    await repository.once();
    return (await repository.issue(id)).state === 'done';
  });
  await repository.once();
  const because = () =>
    repository.registered().find(({ path }) => path === repository.workspace(id));
  expect(because()).toMatchObject({ issue: id, kept_because: 'uncommitted: 1 file' });
  for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.db-shm'])
    rmSync(join(root, '.jit-dispatch', 'test', name), { force: true });
  rmSync(join(root, '.jit-dispatch', 'test', 'runs'), { recursive: true });
  await repository.once();
  expect(because()).toMatchObject({ issue: id, kept_because: 'uncommitted: 1 file' });
  rmSync(join(repository.workspace(id), 'not-added'));
  await repository.once();
  expect(existsSync(repository.workspace(id))).toBe(false);
});
