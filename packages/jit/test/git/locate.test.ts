import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';
import { locate } from '../../src/platform/locate.ts';
import { commitAll, git, gitEnv, tempRepository } from '../support/git.ts';

const find = (cwd: string, more: { dir?: string; jitDir?: string } = {}) =>
  locate({ dir: more.dir, jitDir: more.jitDir, cwd });

function failure(cwd: string): JitError {
  try {
    find(cwd);
  } catch (error) {
    if (error instanceof JitError) return error;
    throw error;
  }
  throw new Error(`a tracker was found from ${cwd}`);
}

function makeJit(...folders: string[]): string {
  const dir = join(...folders, '.jit');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config.toml'), 'schema = 1\n');
  return dir;
}

function addWorktree(main: string, path: string): string {
  git(main, 'worktree', 'add', '--detach', path);
  return path;
}

describe('the tracker of a linked git worktree', () => {
  it("is the main worktree's, from its top and from folders in it", () => {
    const main = tempRepository();
    const dir = makeJit(main);
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    mkdirSync(`${linked}/src/deep`, { recursive: true });
    for (const cwd of [linked, `${linked}/src/deep`]) {
      expect(find(cwd)).toMatchObject({
        dir,
        source: 'main worktree',
        worktree: { root: linked, main },
      });
    }
    expect(find(linked).reason).toContain('all worktrees share');
    expect(find(main)).toMatchObject({ dir, source: 'upward search', worktree: null });
  });

  it("is the main worktree's also where git checked out a copy, at the same relative path", () => {
    const main = tempRepository();
    const [top, sub] = [makeJit(main), makeJit(main, 'apps/one')];
    for (const dir of [top, sub]) writeFileSync(join(dir, 'config.toml'), 'schema = 1\n');
    commitAll(main, 'trackers');
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    expect(find(linked).dir).toBe(top);
    expect(find(`${linked}/apps/one`).dir).toBe(sub);
    expect(find(`${linked}/apps`).dir).toBe(top);
  });

  it("is the main worktree's in worktrees that lie in each other", () => {
    const main = tempRepository();
    const dir = makeJit(main);
    const inside = addWorktree(main, `${main}/.worktrees/one`);
    const deeper = addWorktree(inside, `${inside}/two`);
    makeJit(deeper);
    expect(find(inside)).toMatchObject({ dir, worktree: { root: inside, main } });
    expect(find(deeper)).toMatchObject({ dir, worktree: { root: deeper, main } });
  });

  it('is not its own copy where the main worktree has none: both places are named', async () => {
    const main = tempRepository();
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    const own = makeJit(linked);
    const error = failure(linked);
    expect(error).toMatchObject({ kind: 'not_found', code: 'NOT_A_TRACKER' });
    expect(error.details).toMatchObject({ looked_in: [own, join(main, '.jit')] });
    for (const place of [linked, main, own]) expect(error.message).toContain(place);
    const ended = await runBundle('jit', ['query', 'ready'], { cwd: linked });
    expect(ended).toMatchObject({ exit: 3, signal: null });
  });

  it('is made in the main worktree by init, which says so', async () => {
    const main = tempRepository();
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    const made = await jitJson(['init'], { cwd: linked });
    const dir = join(main, '.jit');
    expect(made).toEqual({ dir, changed: true, worktree: { root: linked, main }, agents: null });
    const again = await runBundle('jit', ['init'], { cwd: linked });
    expect(again.stdout).toContain(`shares the .jit of the main worktree ${main}`);
    expect(await jitJson(['where'], { cwd: linked })).toMatchObject({
      dir,
      source: 'main worktree',
    });
  });

  it('is what --dir or JIT_DIR say before all else', () => {
    const main = tempRepository();
    makeJit(main);
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    const own = makeJit(linked);
    const other = makeJit(tempFolder());
    expect(find(linked, { dir: '.' })).toMatchObject({ dir: own, source: '--dir' });
    expect(find(linked, { jitDir: other })).toMatchObject({ dir: other, source: 'JIT_DIR' });
    expect(find(linked, { dir: own, jitDir: other }).dir).toBe(own);
  });

  it('is found through a symbolic link to the worktree, and where links to git are relative', async () => {
    const main = tempRepository();
    const dir = makeJit(main);
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    writeFileSync(`${linked}/.git`, 'gitdir: ../main/.git/worktrees/linked\n');
    const alias = `${tempFolder()}/alias`;
    symlinkSync(linked, alias);
    expect(find(linked).dir).toBe(dir);
    expect(await jitJson(['where'], { cwd: alias })).toMatchObject({ dir });
  });

  it('does not change with GIT_DIR, as hooks have it', async () => {
    const main = tempRepository();
    const dir = makeJit(main);
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    const env = gitEnv({ GIT_DIR: `${tempRepository()}/.git`, GIT_WORK_TREE: '/' });
    expect(await jitJson(['where'], { cwd: linked, env })).toMatchObject({ dir });
  });
});

describe('repositories without a main worktree to be known', () => {
  it('bare: exit 3 with both places named, for commands and for init', async () => {
    const seed = tempRepository();
    const bare = `${dirname(seed)}/hub.git`;
    git(seed, 'clone', '--bare', seed, bare);
    const linked = addWorktree(bare, `${dirname(seed)}/linked`);
    makeJit(linked);
    const error = failure(linked);
    expect(error.message).toContain('is bare');
    for (const place of [linked, bare]) expect(error.message).toContain(place);
    const ended = await runBundle('jit', ['init', '--json'], { cwd: linked });
    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout).error.code).toBe('NOT_A_TRACKER');
    expect(find(linked, { dir: linked }).dir).toBe(join(linked, '.jit'));
  });

  it('bare in a .git folder is bare all the same', () => {
    const seed = tempRepository();
    const hub = `${dirname(seed)}/hub`;
    git(seed, 'clone', '--bare', seed, `${hub}/.git`);
    const linked = addWorktree(`${hub}/.git`, `${hub}/one`);
    expect(failure(linked).message).toContain('is bare');
  });

  it('with the git folder elsewhere: named by core.worktree, else exit 3', () => {
    const folder = tempFolder();
    const main = `${folder}/main`;
    git('/', 'init', '--separate-git-dir', `${folder}/store`, main);
    git(main, 'commit', '--allow-empty', '-m', 'start');
    const dir = makeJit(main);
    const linked = addWorktree(main, `${folder}/linked`);
    expect(find(main).dir).toBe(dir);
    expect(failure(linked).message).toContain('does not record');
    git(main, 'config', 'core.worktree', '../main');
    expect(find(linked)).toMatchObject({ dir, worktree: { root: linked, main } });
  });

  it('with a main worktree that was moved: git worktree repair is named, the own copy is not used', () => {
    const main = tempRepository();
    makeJit(main);
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    makeJit(linked);
    renameSync(main, `${main}-moved`);
    const error = failure(linked);
    expect(error.code).toBe('NOT_A_TRACKER');
    expect(error.hint).toContain('git worktree repair');
  });
});

describe('what is no linked worktree', () => {
  it('a submodule is a repository of its own, also in a linked worktree', () => {
    const library = tempRepository('library');
    const main = tempRepository();
    const dir = makeJit(main);
    git(main, 'submodule', 'add', library, 'lib');
    commitAll(main, 'with a submodule');
    const own = makeJit(main, 'lib');
    expect(find(`${main}/lib`)).toMatchObject({ dir: own, source: 'upward search' });
    const linked = addWorktree(main, `${dirname(main)}/linked`);
    git(linked, 'submodule', 'update', '--init');
    expect(find(`${linked}/lib`)).toMatchObject({ dir, worktree: { root: linked, main } });
    const copy = makeJit(linked, 'lib');
    expect(find(`${linked}/lib`)).toMatchObject({ dir: copy, worktree: null });
    const sub = addWorktree(`${main}/lib`, `${dirname(main)}/lib-linked`);
    expect(find(sub)).toMatchObject({ dir: own, worktree: { main: `${main}/lib` } });
  });

  it.each([
    ['an empty .git', ''],
    ['a .git that says nothing', 'hello\n'],
    ['a .git that leads nowhere', 'gitdir: /nowhere/at/all\n'],
    ['binary rubbish', '\u0000\u0001gitdir:'],
  ])('%s is ignored', (_name, text) => {
    const folder = tempFolder();
    const dir = makeJit(folder);
    mkdirSync(`${folder}/sub`);
    writeFileSync(`${folder}/sub/.git`, text);
    expect(find(`${folder}/sub`).dir).toBe(dir);
  });
});
