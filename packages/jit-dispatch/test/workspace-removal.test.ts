import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, onTestFinished, test } from 'vitest';
import { whyKept } from '../src/planning/judge-workspace.ts';
import type { WorkspaceSpec } from '../src/run-records.ts';
import { madeFile } from '../src/workspaces/made.ts';
import { prepareWorkspace } from '../src/workspaces/prepare.ts';
import { type Removing, removeWorkspace } from '../src/workspaces/remove.ts';
import { trashOf } from '../src/workspaces/trash.ts';
import { until } from './until.ts';
import { git } from './worktrees.ts';

const environment = { PATH: process.env.PATH };

/** A git repository with a bare remote, and a worktree of it in a root beside it. */
function createPlace() {
  const folder = tempFolder();
  const [repository, remote, root] = ['repo', 'remote', 'root'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  for (const each of [repository, remote, root]) mkdirSync(each);
  git(remote, 'init', '--quiet', '--bare');
  git(repository, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(repository, '.gitignore'), 'ignored\n');
  writeFileSync(join(repository, 'file'), 'begun\n');
  git(repository, 'add', '.');
  git(repository, 'commit', '--quiet', '-m', 'Begin');
  git(repository, 'remote', 'add', 'origin', remote);
  const path = join(root, 'i1');
  const spec: WorkspaceSpec = {
    kind: 'worktree',
    repository,
    jit_dir: null,
    root,
    path,
    branch: 'jit/i1',
    base: 'HEAD',
    dispatcher: 'test',
    hooks: { create: null, before: null, after: null },
    hook_timeout_secs: 5,
  };
  const prepare = () =>
    prepareWorkspace(spec, {
      issue: 'i1',
      environment,
      signal: new AbortController().signal,
      now: () => 'now',
      write: () => {},
      step: () => {},
    });
  const remove = (facts: Partial<Removing> = {}) =>
    removeWorkspace(
      { ...spec, issue: 'i1' },
      {
        environment,
        hook: null,
        hookEnvironment: environment,
        judge: (found) => whyKept({ kind: 'worktree', ...found }),
        onBegin: () => {},
        warn: () => {},
        ...facts,
      },
    );
  const commit = (at: string, name: string) => {
    writeFileSync(join(at, name), `${name}\n`);
    git(at, 'add', name);
    git(at, 'commit', '--quiet', '-m', name);
  };
  return { repository, remote, root, path, spec, prepare, remove, commit };
}
type Place = ReturnType<typeof createPlace>;

const file = ({ path }: Place, name = 'new') => writeFileSync(join(path, name), 'work\n');

const WORK: readonly [string, (place: Place) => void, string][] = [
  ['a new file', (place) => file(place), 'uncommitted: 1 file'],
  ['a changed file', (place) => file(place, 'file'), 'uncommitted: 1 file'],
  ['a deleted file', ({ path }) => rmSync(join(path, 'file')), 'uncommitted: 1 file'],
  [
    'a staged file',
    (place) => {
      file(place);
      git(place.path, 'add', 'new');
    },
    'uncommitted: 1 file',
  ],
  ['a commit', ({ path, commit }) => commit(path, 'c'), 'not pushed or merged: 1 commit'],
  [
    'a commit without a branch',
    ({ path, commit }) => {
      git(path, 'checkout', '--quiet', '--detach');
      commit(path, 'c');
    },
    'not pushed or merged: 1 commit',
  ],
  [
    'a commit on its branch, which is not checked out any more',
    ({ path, commit }) => {
      commit(path, 'c');
      git(path, 'checkout', '--quiet', '--detach', 'HEAD~1');
    },
    'not pushed or merged: 1 commit',
  ],
  [
    'a stash',
    (place) => {
      file(place, 'file');
      git(place.path, 'stash', '--quiet');
    },
    'stashed: 1 change',
  ],
  [
    'a merge that was not finished',
    ({ path, commit, repository }) => {
      commit(repository, 'other');
      git(path, 'merge', '--quiet', '--no-commit', '--no-ff', 'main');
    },
    'a merge is under way',
  ],
  [
    'a rebase that was not finished',
    ({ path, repository, commit }) => {
      commit(path, 'c');
      commit(repository, 'other');
      git(path, '-c', 'sequence.editor=sed -i s/^pick/edit/', 'rebase', '--quiet', '-i', 'main');
    },
    'a rebase is under way',
  ],
  [
    'a lock',
    ({ path }) => void git(path, 'worktree', 'lock', '--reason', 'mine', path),
    'it is locked: mine',
  ],
  [
    'a change that git was told not to look at',
    (place) => {
      git(place.path, 'update-index', '--assume-unchanged', 'file');
      file(place, 'file');
    },
    'hidden from git: 1 file',
  ],
  [
    'a repository with a commit of its own in an ignored folder',
    ({ path, commit }) => {
      const inner = join(path, 'ignored', 'deep');
      mkdirSync(inner, { recursive: true });
      git(inner, 'init', '--quiet');
      commit(inner, 'c');
    },
    'ignored/deep: not pushed or merged: 1 commit',
  ],
  [
    'a bare repository in an ignored folder',
    ({ path }) => void git(path, 'init', '--quiet', '--bare', join(path, 'ignored')),
    "ignored: git can't tell what is in it: it is a bare repository",
  ],
];

describe('a worktree stays, with all that is in it, because of', () => {
  test.each(WORK)('%s', async (_, make, because) => {
    const place = createPlace();
    (await place.prepare()).release();
    make(place);
    const shown = () =>
      `${git(place.path, 'status', '--porcelain')} ${git(place.path, 'rev-parse', 'HEAD')} ${git(place.path, 'stash', 'list')}`;
    const before = shown();
    expect(await place.remove()).toEqual({ is: 'kept', because });
    expect(shown()).toBe(before);
  });

  test('a process that works in it', async () => {
    const place = createPlace();
    (await place.prepare()).release();
    const user = spawn('sleep', ['300'], { cwd: place.path, stdio: 'ignore' });
    onTestFinished(() => void user.kill());
    await new Promise((resolve) => user.once('spawn', resolve));
    expect(await place.remove()).toEqual({ is: 'kept', because: `in use by process ${user.pid}` });
    user.kill();
    await new Promise((resolve) => user.once('exit', resolve));
    expect(await place.remove()).toEqual({ is: 'removed', isBranchDeleted: true });
  });

  test('what comes while it is removed: after its hook, and in the last moment', async () => {
    const place = createPlace();
    (await place.prepare()).release();
    const hook = { argv: ['sh', '-c', 'echo work > late'], timeoutMs: 5_000 };
    expect(await place.remove({ hook })).toMatchObject({ because: 'uncommitted: 1 file' });
    expect(existsSync(join(place.path, 'late'))).toBe(true);
    rmSync(join(place.path, 'late'));
    const trash = join(place.root, '.trash', 'i1');
    let looks = 0;
    const judge: Removing['judge'] = () => {
      looks += 1;
      // Nobody sees it: only git is left to refuse.
      if (existsSync(trash)) writeFileSync(join(trash, 'late'), 'work\n');
      return null;
    };
    expect(await place.remove({ judge })).toMatchObject({ is: 'kept' });
    expect(looks).toBe(2);
    expect(existsSync(join(place.path, 'late'))).toBe(true);
    expect(git(place.path, 'status', '--porcelain')).toBe('?? late');
  });
});

describe('a worktree goes', () => {
  test('when its commits are pushed; a branch that somebody else made stays', async () => {
    const place = createPlace();
    git(place.repository, 'branch', 'jit/i1');
    (await place.prepare()).release();
    place.commit(place.path, 'c');
    git(place.path, 'push', '--quiet', 'origin', 'HEAD');
    expect(await place.remove()).toEqual({ is: 'removed', isBranchDeleted: false });
    expect(git(place.repository, 'log', '--format=%s', 'jit/i1')).toContain('c');
    // The next run goes on with it.
    (await place.prepare()).release();
    expect(existsSync(join(place.path, 'c'))).toBe(true);
  });
  test('when they are merged; what was pushed is where a new branch of that name begins', async () => {
    const place = createPlace();
    (await place.prepare()).release();
    place.commit(place.path, 'merged');
    git(place.repository, 'merge', '--quiet', 'jit/i1');
    expect(await place.remove()).toEqual({ is: 'removed', isBranchDeleted: true });
    (await place.prepare()).release();
    place.commit(place.path, 'pushed');
    git(place.path, 'push', '--quiet', 'origin', 'HEAD');
    expect(await place.remove()).toEqual({ is: 'removed', isBranchDeleted: true });
    (await place.prepare()).release();
    expect(existsSync(join(place.path, 'pushed'))).toBe(true);
  });
  test('not while its lock is held; nor does anything else at its path, or behind a link', async () => {
    const place = createPlace();
    const workspace = await place.prepare();
    expect(await place.remove()).toEqual({ is: 'busy' });
    workspace.release();
    const elsewhere = join(place.root, '..', 'elsewhere');
    renameSync(place.path, elsewhere);
    symlinkSync(elsewhere, place.path);
    expect(await place.remove()).toMatchObject({ is: 'kept' });
    expect(existsSync(join(elsewhere, 'file'))).toBe(true);
    rmSync(place.path);
    writeFileSync(place.path, 'mine');
    expect(await place.remove()).toMatchObject({ is: 'kept' });
    expect(existsSync(place.path)).toBe(true);
  });
});

describe('a remover that died', () => {
  const inTrash = async (isGoing: boolean) => {
    const place = createPlace();
    (await place.prepare()).release();
    const trash = trashOf(place.root, 'i1');
    renameSync(place.path, trash);
    git(place.repository, 'worktree', 'repair', trash);
    const record = madeFile(place.root, 'i1');
    const made = record.read();
    if (made !== null) record.write({ ...made, is_going: isGoing });
    return { place, trash };
  };
  test('before it decided: the workspace is brought back, and used', async () => {
    const { place } = await inTrash(false);
    git(place.root, '-C', trashOf(place.root, 'i1'), 'status');
    (await place.prepare()).release();
    expect(git(place.path, 'status', '--porcelain')).toBe('');
  });
  test('while it deleted: that is done to the end, and a new one made', async () => {
    const { place, trash } = await inTrash(true);
    rmSync(join(trash, 'file'));
    (await place.prepare()).release();
    expect(existsSync(trash)).toBe(false);
    expect(git(place.path, 'status', '--porcelain')).toBe('');
  });
  test('while git refused: what made git refuse is brought back', async () => {
    const { place, trash } = await inTrash(true);
    writeFileSync(join(trash, 'late'), 'work\n');
    expect(await place.remove()).toEqual({ is: 'kept', because: 'uncommitted: 1 file' });
    expect(existsSync(join(place.path, 'late'))).toBe(true);
  });
});

test('preparing and removing at the same time: what is in use stays, and no commit is lost', async () => {
  const place = createPlace();
  const count = { prepared: 0, removed: 0, busy: 0 };
  let isOver = false;
  const remover = async () => {
    while (!isOver) {
      const { is } = await place.remove();
      if (is === 'removed') count.removed += 1;
      if (is === 'busy') count.busy += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const worker = async (who: string) => {
    for (let n = 0; n < 8; n += 1) {
      const workspace = await place.prepare();
      count.prepared += 1;
      writeFileSync(join(place.path, `${who}${n}`), 'work\n');
      place.commit(place.path, `${who}${n}`);
      git(place.path, 'push', '--quiet', 'origin', 'HEAD');
      const before = count.removed + count.prepared;
      workspace.release();
      await until('it is removed or prepared again', () => count.removed + count.prepared > before);
    }
  };
  const removers = [remover(), remover()];
  await Promise.all([worker('a'), worker('b')]);
  isOver = true;
  await Promise.all(removers);
  const subjects = git(place.remote, 'log', '--format=%s', 'jit/i1').split('\n');
  expect(subjects).toHaveLength(17);
  expect(count.removed).toBeGreaterThan(0);
  console.log(
    `workspace of one issue: ${count.prepared} times prepared, ${count.removed} times removed, ${count.busy} times busy; ${subjects.length - 1} of 16 commits there`,
  );
});
