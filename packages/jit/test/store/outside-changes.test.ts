import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

interface Item {
  readonly id: string;
  readonly title: string;
  readonly state: string;
}

function git(cwd: string, ...argv: string[]): void {
  const identity = {
    GIT_AUTHOR_NAME: 't',
    GIT_AUTHOR_EMAIL: 't@example.org',
    GIT_COMMITTER_NAME: 't',
    GIT_COMMITTER_EMAIL: 't@example.org',
  };
  execFileSync(
    'git',
    ['-c', 'init.defaultBranch=main', '-c', 'core.hooksPath=/dev/null', ...argv],
    {
      cwd,
      env: cleanEnv({
        ...identity,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
      }),
      stdio: 'pipe',
    },
  );
}

const issueFile = (cwd: string, id: string) => join(cwd, '.jit', 'issues', `${id}.json`);

/** Edits a file in place, keeping its inode, as editors without a temporary file do. */
function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

async function tracker(): Promise<string> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  return cwd;
}

const create = (cwd: string, ...argv: string[]) =>
  jitJson<Item>(['issue', 'create', ...argv], { cwd });
const ready = (cwd: string) => jitJson<Item[]>(['query', 'ready'], { cwd });
const all = (cwd: string) => jitJson<Item[]>(['query', 'all'], { cwd });
const show = (cwd: string, id: string) =>
  jitJson<Item & { labels: string[] }>(['issue', 'show', id], { cwd });

describe('changes that were not made by jit', () => {
  it('are seen by the next command when an unfinished issue is edited in place', async () => {
    const cwd = await tracker();
    const { id } = await create(cwd, 'before');
    for (let round = 0; round < 10; round += 1) {
      edit(issueFile(cwd, id), (text) =>
        text.replace(/"title": ".*"/, `"title": "round ${round}"`),
      );
      expect((await ready(cwd)).map((issue) => issue.title)).toEqual([`round ${round}`]);
    }
  });

  it('are seen right after a write of jit in the same instant', async () => {
    const cwd = await tracker();
    const { id } = await create(cwd, 'first');
    for (let round = 0; round < 5; round += 1) {
      await runBundle('jit', ['issue', 'update', id, '--title', `by jit ${round}`], { cwd });
      edit(issueFile(cwd, id), (text) => text.replace(`by jit ${round}`, `BY ED. ${round}`));
      expect((await ready(cwd))[0]?.title).toBe(`BY ED. ${round}`);
    }
  });

  it('of a finished issue are seen by the command that shows it', async () => {
    const cwd = await tracker();
    const { id } = await create(cwd, 'finished');
    await runBundle('jit', ['issue', 'update', id, '--state', 'done'], { cwd });
    await ready(cwd);
    edit(issueFile(cwd, id), (text) => text.replace('finished', 'finish3d'));
    expect((await show(cwd, id)).title).toBe('finish3d');
  });

  it('made by git checkout of another branch are seen by the next command', async () => {
    const cwd = await tracker();
    git(cwd, 'init');
    const { id: kept } = await create(cwd, 'on both branches');
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-m', 'one issue');
    git(cwd, 'checkout', '-b', 'work');
    const { id: extra } = await create(cwd, 'on the branch only');
    await runBundle('jit', ['issue', 'update', kept, '--state', 'done'], { cwd });
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-m', 'work');
    git(cwd, 'checkout', 'main');
    expect((await all(cwd)).map(({ id, state }) => [id, state])).toEqual([[kept, 'ready']]);
    git(cwd, 'checkout', 'work');
    const states = new Map((await all(cwd)).map(({ id, state }) => [id, state]));
    expect(states).toEqual(
      new Map([
        [kept, 'done'],
        [extra, 'ready'],
      ]),
    );
  });

  it('made by git merge are seen by the next command, and readiness that came with them becomes an event', async () => {
    const cwd = await tracker();
    git(cwd, 'init');
    const { id: first } = await create(cwd, 'first');
    const { id: second } = await create(cwd, 'second', '--dep', first);
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-m', 'two issues');
    git(cwd, 'checkout', '-b', 'work');
    await runBundle('jit', ['issue', 'update', first, '--state', 'done'], { cwd });
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-m', 'done on a branch');
    git(cwd, 'checkout', 'main');
    await create(cwd, 'third, on main');
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-m', 'more on main');
    expect((await show(cwd, second)).state).toBe('open');
    git(cwd, 'merge', '--no-edit', 'work');
    expect((await show(cwd, second)).state).toBe('ready');
    await create(cwd, 'the next write');
    const events = await jitJson<{ type: string; ready?: boolean }[]>(
      ['events', 'query', '--issue', second, '--type', 'ready_changed'],
      { cwd },
    );
    expect(events.map((event) => event.ready)).toEqual([true]);
    expect((await jitJson<{ findings: unknown[] }>(['validate'], { cwd })).findings).toEqual([]);
  });

  it('that make an issue ready without any event are noted by the next write, once', async () => {
    const cwd = await tracker();
    const { id: first } = await create(cwd, 'first');
    const { id: second } = await create(cwd, 'second', '--dep', first);
    edit(issueFile(cwd, second), (text) =>
      text.replace(/"dependencies": \[[^\]]*\]/, '"dependencies": []'),
    );
    expect((await show(cwd, second)).state).toBe('ready');
    await create(cwd, 'the next write');
    await create(cwd, 'and another');
    const events = await jitJson<{ ready?: boolean }[]>(
      ['events', 'query', '--issue', second, '--type', 'ready_changed'],
      { cwd },
    );
    expect(events.map((event) => event.ready)).toEqual([true]);
  });
});
