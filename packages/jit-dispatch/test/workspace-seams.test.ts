import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDetailsOutput } from '@jit/contract/outputs/control';
import { expect, test } from 'vitest';
import { until } from './until.ts';
import { createGitRepository, type GitRepository, git } from './worktrees.ts';

/** Cycles until so many runs have ended, and gives them, the oldest first. */
async function endedRuns(repository: GitRepository, count: number) {
  const ended = async () =>
    (await repository.runs('--all')).filter((run) => run.ended_at !== null).toReversed();
  await until(`${count} runs have ended`, async () => {
    await repository.once();
    return (await ended()).length >= count;
  });
  return ended();
}

test('what hooks print around an agent says nothing about how it failed', async () => {
  const repository = await createGitRepository();
  const says = `["sh", "-c", "echo 429 Too Many Requests: rate limit exceeded"]`;
  repository.configure(
    `[retry]\nfirst_secs = 60\n[workspace]\nkind = "worktree"\n[workspace.hooks]\nbefore = ${says}\nafter = ${says}\n` +
      `[[agents]]\nid = "a"\ncommand = "false"\n[[agents]]\nid = "limited"\ncommand = ["sh", "-c", "echo rate limit exceeded; exit 1"]\n`,
  );
  const id = await repository.create('Issue');
  const limited = await repository.create('Limited');
  await repository.jit(['issue', 'assign', id, 'a']);
  await repository.jit(['issue', 'assign', limited, 'limited']);
  const runs = await endedRuns(repository, 2);
  expect(runs.find((run) => run.issue === id)).toMatchObject({
    agent: 'a',
    reason: 'exit_code',
    failed: 'agent',
  });
  expect(runs.find((run) => run.issue === limited)).toMatchObject({ failed: 'rate_limit' });
});

test('gates are run in the workspace, and its checkers are told where it is', async () => {
  for (const kind of ['worktree', 'dir']) {
    const repository = await createGitRepository();
    const { root } = repository;
    repository.script('work', '#!/bin/sh\necho good > result\n');
    repository.configure(
      `[workspace]\nkind = "${kind}"\n[[agents]]\nid = "a"\ncompletion = "exit"\ncommand = "./work"\n`,
    );
    const checker = 'pwd -P; cd "$JIT_WORKSPACE" && grep good result';
    await repository.jit(['gate', 'define', 'good', '--stage', 'done', '--command', checker]);
    const id = await repository.create('Issue', '--gate', 'good');
    const [run] = await endedRuns(repository, 1);
    expect(run).toMatchObject({ state: 'completed', issue: id });
    expect((await repository.issue(id)).state).toBe('done');
    const shown = await repository.dispatch('show', run?.run ?? '', '--json');
    const details = JSON.parse(shown.stdout) as RunDetailsOutput;
    expect(details.workspace).toBe(repository.workspace(id));
    expect(existsSync(join(root, 'result'))).toBe(false);
  }
});

test('whoever goes on with an issue finds the work of a run that was reassigned or handed over', async () => {
  const repository = await createGitRepository();
  const { root } = repository;
  repository.script(
    'work',
    '#!/bin/sh\nset -e\necho "$JIT_AGENT_ID" >> notes\ncp notes "$JIT_DIR/../seen/$JIT_ISSUE_ID.$(wc -l < notes | tr -d " ")"\n' +
      'case "$(cat "$JIT_DIR/../how/$JIT_ISSUE_ID")" in wait) touch "$JIT_DIR/../seen/$JIT_ISSUE_ID"; sleep 600 ;;\n' +
      'split) part=$(jit issue create -t Part --json | cut -d\'"\' -f4); jit dep add "$JIT_ISSUE_ID" "$part" ;;\n' +
      'done) jit issue update "$JIT_ISSUE_ID" --state done ;; esac\n',
  );
  for (const each of ['seen', 'how']) mkdirSync(join(root, each));
  const agent = (id: string) =>
    `[[agents]]\nid = "${id}"\ncapacity = 3\nstop_grace_secs = 1\ncommand = "./work"\n`;
  repository.configure(
    `poll_interval_secs = 1\n[retry]\nfirst_secs = 0\n[workspace]\nkind = "worktree"\nkeep_failed_hours = 0\n${agent('a')}${agent('b')}`,
  );
  const how = (id: string, what: string) => writeFileSync(join(root, 'how', id), what);
  const moved = await repository.create('Reassigned');
  const split = await repository.create('Split');
  how(moved, 'wait');
  how(split, 'split');
  const daemon = repository.start();
  await until('it works', () => existsSync(join(root, 'seen', moved)));
  const [live] = (await repository.runs()).filter((run) => run.issue === moved);
  how(moved, 'done');
  const other = live?.agent === 'a' ? 'b' : 'a';
  expect(await repository.dispatch('reassign', moved, other)).toMatchObject({ exit: 0 });
  const isDone = async (id: string) => (await repository.issue(id)).state === 'done';
  await until('the other one is done', () => isDone(moved));
  expect(readFileSync(join(root, 'seen', `${moved}.2`), 'utf8')).toBe(`${live?.agent}\n${other}\n`);
  await until('parts are there', async () => (await repository.issues()).length === 3);
  const part = (await repository.issues()).find(({ title }) => title === 'Part');
  how(split, 'done');
  how(part?.id ?? '', 'done');
  await until('its part is done, and then it is', () => isDone(split));
  expect(readFileSync(join(root, 'seen', `${split}.2`), 'utf8').split('\n')).toHaveLength(3);
  await daemon.stop();
});

test('a worktree stays one when the configuration wants plain folders by now, and is removed as one', async () => {
  const repository = await createGitRepository();
  const { root } = repository;
  repository.script(
    'work',
    '#!/bin/sh\nif [ -e "$JIT_DIR/../ready" ]; then jit issue update "$JIT_ISSUE_ID" --state done; else exit 1; fi\n',
  );
  const configure = (kind: string) =>
    repository.configure(
      `[retry]\nfirst_secs = 0\n[workspace]\nkind = "${kind}"\n[[agents]]\nid = "a"\ncommand = "./work"\n`,
    );
  configure('worktree');
  const id = await repository.create('Issue');
  await endedRuns(repository, 1);
  // Somebody else's, not pushed: it is no reason to keep this one.
  git(root, 'commit', '--quiet', '--allow-empty', '-m', 'Not pushed');
  writeFileSync(join(root, 'ready'), '');
  configure('dir');
  await until('it is done', async () => {
    await repository.once();
    return (await repository.issue(id)).state === 'done';
  });
  await until('its workspace is removed', async () => {
    await repository.once();
    return !existsSync(repository.workspace(id));
  });
  expect(git(root, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  expect(git(root, 'for-each-ref', 'refs/heads/jit')).toBe('');
});

test('a plain folder stays one when the configuration wants worktrees by now', async () => {
  const repository = await createGitRepository();
  repository.script('work', '#!/bin/sh\necho x >> notes\n[ "$(wc -l < notes)" -ge 2 ]\n');
  const configure = (kind: string) =>
    repository.configure(
      `[retry]\nfirst_secs = 0\n[workspace]\nkind = "${kind}"\n[[agents]]\nid = "a"\ncompletion = "exit"\ncommand = "./work"\n`,
    );
  configure('dir');
  const id = await repository.create('Issue');
  await endedRuns(repository, 1);
  configure('worktree');
  const runs = await endedRuns(repository, 2);
  expect(runs.map(({ state }) => state)).toEqual(['failed', 'completed']);
  expect((await repository.issue(id)).state).toBe('done');
});
