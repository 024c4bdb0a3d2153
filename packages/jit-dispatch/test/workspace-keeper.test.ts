import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, onTestFinished, test } from 'vitest';
import { uptimeMs } from '../src/keeper/clock.ts';
import { findMarked } from '../src/keeper/identity.ts';
import type { ExitRecord, KeeperSpec, WorkspaceSpec } from '../src/run-records.ts';
import { WORKSPACE_STEPS } from '../src/workspaces/prepare.ts';
import { endRun, readRun } from './run-folders.ts';
import { someSpec } from './samples.ts';
import { until } from './until.ts';
import { git } from './worktrees.ts';

const KEEPER = fileURLToPath(new URL('../dist-test/keeper.cjs', import.meta.url));
const RENEWED = '{"exit":0,"result":{}}';
const sh = (script: string) => ['sh', '-c', script];
const WORK = sh('pwd -P > "$JIT_TEST_OUT/worked"; echo agent >> "$JIT_TEST_OUT/order"');

/** A git repository, a root for workspaces, and runs of one issue under real keepers. */
function createPlace(kind: WorkspaceSpec['kind'] = 'worktree') {
  const folder = tempFolder();
  const [repository, root, out] = ['repo', 'root', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [join(repository, '.jit'), root, out]) mkdirSync(each, { recursive: true });
  git(repository, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(repository, 'file'), 'begun\n');
  git(repository, 'add', '.');
  git(repository, 'commit', '--quiet', '-m', 'Begin');
  const jit = join(folder, 'fake-jit');
  writeFileSync(
    jit,
    `#!/bin/sh\ncat >> "${out}/asked"\nprintf '%s\\n' '${RENEWED}' '${RENEWED}' '${RENEWED}'\n`,
  );
  chmodSync(jit, 0o755);
  const workspace: WorkspaceSpec = {
    kind,
    repository,
    jit_dir: join(repository, '.jit'),
    root,
    path: join(root, 'i1'),
    branch: kind === 'worktree' ? 'jit/i1' : null,
    base: 'HEAD',
    dispatcher: 'test',
    hooks: { create: null, before: null, after: null },
    hook_timeout_secs: 30,
  };
  let runs = 0;
  const start = (
    facts: Partial<WorkspaceSpec> = {},
    more: Partial<KeeperSpec> = {},
    environment: NodeJS.ProcessEnv = {},
  ) => {
    runs += 1;
    const runFolder = join(folder, `run-${runs}`);
    const run = `run-${process.pid}-${folder.slice(-6)}-${runs}`;
    mkdirSync(runFolder);
    onTestFinished(() => endRun(runFolder, run));
    const whole = { ...workspace, ...facts };
    const env = {
      JIT_RUN_ID: run,
      JIT_ISSUE_ID: 'i1',
      JIT_CLAIM: 'the-claim',
      JIT_TEST_OUT: out,
    };
    const spec = someSpec({
      run,
      argv: WORK,
      cwd: whole.path,
      env,
      tracker: { argv: [jit], suffix: [], cwd: folder, env: {} },
      leased_at_ms: uptimeMs(),
      workspace: whole,
      ...more,
    });
    writeFileSync(join(runFolder, 'spec.json'), JSON.stringify(spec));
    const keeper = spawn(process.execPath, [KEEPER, runFolder], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { PATH: process.env.PATH, SECRET: 'not for hooks', ...environment },
      detached: true,
    });
    const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
    const log = () => readFileSync(join(runFolder, 'output.log'), 'utf8');
    return { keeper, ended, runFolder, run, log };
  };
  const run = async (
    ...args: Parameters<typeof start>
  ): Promise<ExitRecord & { readonly log: string; readonly run: string }> => {
    const started = start(...args);
    await started.ended;
    const exit = readRun(started.runFolder, 'exit');
    if (exit === null) throw new Error('the keeper recorded nothing');
    return { ...exit, log: started.log(), run: started.run };
  };
  const said = (name: string) => {
    const path = join(out, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  const branches = () => git(repository, 'for-each-ref', '--format=%(refname:short)', 'refs/heads');
  return { folder, repository, root, out, path: workspace.path, start, run, said, branches };
}

const noteHook = (name: string) =>
  sh(
    `echo ${name} >> "$JIT_TEST_OUT/order"; echo "said by ${name}"; env > "$JIT_TEST_OUT/env-${name}"; pwd -P >> "$JIT_TEST_OUT/where"`,
  );
const HOOKS = { create: noteHook('create'), before: noteHook('before'), after: noteHook('after') };

describe.each(['dir', 'worktree'] as const)('a workspace of kind %s', (kind) => {
  test('is made once, with hooks around it, and used again', async () => {
    const { run, said, path } = createPlace(kind);
    const first = await run({ hooks: HOOKS });
    expect(first).toMatchObject({ reason: 'exited', code: 0 });
    expect(said('worked')).toEqual([path]);
    expect(await run({ hooks: HOOKS })).toMatchObject({ reason: 'exited', code: 0 });
    expect(said('order')).toEqual([
      'create',
      'before',
      'agent',
      'after',
      'before',
      'agent',
      'after',
    ]);
    expect(new Set(said('where'))).toEqual(new Set([path]));
    for (const name of ['create', 'before', 'after']) {
      expect(first.log).toContain(`said by ${name}`);
      const env = said(`env-${name}`);
      expect(env).toContain('JIT_ISSUE_ID=i1');
      expect(env).toContain(`JIT_WORKSPACE=${path}`);
      expect(env.filter((line) => /^(SECRET|JIT_CLAIM)=/.test(line))).toEqual([]);
    }
  });

  test('is gone again when its create hook fails or hangs; nothing of the hook is left', async () => {
    const { run, said, root, branches } = createPlace(kind);
    const bad = await run({
      hooks: { ...HOOKS, create: sh('echo half > half; echo no reason; exit 3') },
    });
    expect(bad).toMatchObject({
      reason: 'workspace_failed',
      message: 'no workspace: hook create ended with exit 3: no reason',
    });
    const hangs = sh('trap "" TERM; echo half > half; sleep 300 & wait; sleep 300');
    const late = await run({ hooks: { ...HOOKS, create: hangs }, hook_timeout_secs: 1 });
    expect(late).toMatchObject({
      reason: 'workspace_failed',
      message: 'no workspace: hook create did not end within 1 s and was killed',
    });
    expect(findMarked('JIT_RUN_ID', late.run)).toEqual([]);
    expect(readdirSync(root).filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(branches()).toBe('main');
    expect(said('order')).toEqual([]);
    expect(await run()).toMatchObject({ reason: 'exited', code: 0 });
  });

  test('survives a kill -9 of its keeper at every step of its making', async () => {
    let kills = 0;
    for (const step of WORKSPACE_STEPS) {
      const { start, run, said, path, branches } = createPlace(kind);
      const killed = start({ hooks: HOOKS }, {}, { JIT_DISPATCH_TEST_KEEPER_KILL_AT: step });
      await killed.ended;
      expect(readRun(killed.runFolder, 'exit')).toBeNull();
      kills += 1;
      expect(await run({ hooks: HOOKS })).toMatchObject({ reason: 'exited', code: 0 });
      expect(said('worked')).toEqual([path]);
      expect(branches()).toBe(kind === 'worktree' ? 'jit/i1\nmain' : 'main');
    }
    console.log(`${kind}: ${kills} keepers killed while they prepared; ${kills} next runs had it`);
  });
});

describe('nothing is started outside the root', () => {
  test('where the workspace became a link between two runs, a file, or another folder', async () => {
    const { run, said, path, folder, out } = createPlace();
    await run();
    rmSync(join(out, 'worked'));
    const elsewhere = join(folder, 'elsewhere');
    renameSync(path, elsewhere);
    symlinkSync(elsewhere, path);
    expect(await run()).toMatchObject({ reason: 'workspace_failed' });
    rmSync(path);
    writeFileSync(path, 'mine');
    expect((await run()).message).toContain('it is no folder');
    expect(readFileSync(path, 'utf8')).toBe('mine');
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, 'mine'), 'mine');
    expect((await run()).message).toContain('is no worktree of');
    expect(readdirSync(path)).toEqual(['mine']);
    expect(existsSync(join(elsewhere, 'file'))).toBe(true);
    expect(said('worked')).toEqual([]);
  });

  test('where it is swapped for a link right before the start', async () => {
    const { run, said, folder } = createPlace();
    const elsewhere = join(folder, 'elsewhere');
    const swap = sh(`mv "$JIT_WORKSPACE" "${elsewhere}"; ln -s "${elsewhere}" "$JIT_WORKSPACE"`);
    const ended = await run({ hooks: { create: null, before: swap, after: null } });
    expect(ended).toMatchObject({ reason: 'workspace_failed' });
    expect(ended.message).toContain('it is a link');
    expect(said('worked')).toEqual([]);
  });

  test('where the root is the repository or inside .jit, or a folder of ours in it is a link', async () => {
    const { run, said, repository, root, folder } = createPlace();
    const jit = join(repository, '.jit');
    for (const [bad, words] of [
      [repository, 'its root is the repository itself'],
      [join(jit, 'w'), 'its root is inside .jit'],
      [join(repository, '.git', 'w'), 'its root is inside .git'],
    ] as const)
      expect((await run({ root: bad, path: join(bad, 'i1') })).message).toContain(words);
    expect((await run({ path: join(root, '..', 'i1') })).message).toContain('not be in its root');
    rmSync(join(root, '.state'), { recursive: true, force: true });
    symlinkSync(folder, join(root, '.state'));
    expect((await run()).message).toContain('it is a link');
    expect(said('worked')).toEqual([]);
  });

  test('a root that is a link is resolved, and that is said', async () => {
    const { run, said, root, folder, path } = createPlace();
    const link = join(folder, 'link');
    symlinkSync(root, link);
    const ended = await run({ root: link });
    expect(ended).toMatchObject({ reason: 'exited', code: 0 });
    expect(ended.log).toContain(`the root ${link} is a link to ${root}`);
    expect(said('worked')).toEqual([realpathSync(path)]);
    // Turned elsewhere after the run was decided.
    rmSync(link);
    symlinkSync(folder, link);
    expect(await run({ root: link })).toMatchObject({ reason: 'workspace_failed' });
  });
});

describe('a worktree', () => {
  test('is made anew on its branch after its folder was deleted', async () => {
    const { run, path, repository } = createPlace();
    await run(
      {},
      { argv: sh('echo x > x; git add x; git -c user.name=a -c user.email=a@b commit -qm x') },
    );
    rmSync(path, { recursive: true });
    expect(await run()).toMatchObject({ reason: 'exited', code: 0 });
    expect(existsSync(join(path, 'x'))).toBe(true);
    expect(git(repository, 'worktree', 'list')).toContain('[jit/i1]');
  });
  test('that was deleted with commits no branch has is not forgotten', async () => {
    const { run, path, repository } = createPlace();
    const lone =
      'git checkout -q --detach; echo x > x; git add x; git -c user.name=a -c user.email=a@b commit -qm x';
    await run({}, { argv: sh(lone) });
    rmSync(path, { recursive: true });
    const ended = await run();
    expect(ended.message).toContain('was deleted with commits that no branch has');
    git(repository, 'branch', 'found', /git branch NAME (\w+)/.exec(ended.message)?.[1] ?? '');
    expect(git(repository, 'log', '-1', '--format=%s', 'found')).toBe('x');
    expect(await run()).toMatchObject({ reason: 'exited', code: 0 });
  });
  test.each([
    ['its branch is checked out elsewhere', {}, 'branch jit/i1 is checked out at'],
    ['git takes no such name', { branch: 'jit/a..b' }, "jit/a..b can't be the name of a branch"],
    ['the base is unknown', { branch: 'jit/i2', base: 'nowhere' }, 'base nowhere names no commit'],
    ['an option stands for the base', { branch: 'jit/i2', base: '--detach' }, 'names no commit'],
    ['there is no repository', { repository: '/' }, 'is in no git repository'],
  ])('is not made where %s', async (_, facts, words) => {
    const { run, folder, repository, path } = createPlace();
    git(repository, 'worktree', 'add', '--quiet', '-b', 'jit/i1', join(folder, 'other'));
    const ended = await run(facts);
    expect(ended.reason).toBe('workspace_failed');
    expect(ended.message).toContain(words);
    expect(existsSync(path)).toBe(false);
  });
});

test('the lease is renewed while a hook takes its time', async () => {
  const { start, said, out } = createPlace('dir');
  const waits = sh('while [ ! -e "$JIT_TEST_OUT/go" ]; do sleep 0.1; done');
  const slow = start({ hooks: { ...HOOKS, create: waits } }, { ttl_secs: 3 });
  await until(
    'it was renewed twice',
    () => said('asked').filter((l) => l.includes('heartbeat')).length > 1,
  );
  expect(readRun(slow.runFolder, 'agent')).toBeNull();
  writeFileSync(join(out, 'go'), '');
  await slow.ended;
  expect(readRun(slow.runFolder, 'exit')).toMatchObject({ reason: 'exited', code: 0 });
});

test('a stop ends a hook at once, and what was being made is gone', async () => {
  const { start, root, out } = createPlace();
  const hangs = sh('echo > "$JIT_TEST_OUT/hangs"; sleep 300');
  const { keeper, ended, runFolder } = start({ hooks: { ...HOOKS, create: hangs } });
  await until('the hook runs', () => existsSync(join(out, 'hangs')));
  keeper.kill('SIGTERM');
  await ended;
  expect(readRun(runFolder, 'exit')).toMatchObject({ reason: 'canceled', started_at: null });
  expect(readdirSync(root).filter((name) => !name.startsWith('.'))).toEqual([]);
});

test('a before hook that fails ends the run, an after hook that fails changes nothing', async () => {
  const { run, said, path } = createPlace('dir');
  const flood = sh('yes word | head -c 100000; exit 1');
  const bad = await run({ hooks: { create: null, before: flood, after: null } });
  expect(bad.reason).toBe('workspace_failed');
  expect(bad.message.length).toBeLessThan(2_200);
  expect(bad.log.length).toBeGreaterThan(100_000);
  expect(said('worked')).toEqual([]);
  expect(existsSync(path)).toBe(true);
  const after = await run({ hooks: { create: null, before: null, after: sh('exit 4') } });
  expect(after).toMatchObject({ reason: 'exited', code: 0 });
  expect(after.log).toContain('hook after ended with exit 4');
});
