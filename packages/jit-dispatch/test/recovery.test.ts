import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { findMarked, isAlive } from '../src/keeper/identity.ts';
import { damage } from './damage.ts';
import { createRepository, type Repository } from './repository.ts';
import { readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

const agent = (command: string, more = '') =>
  `poll_interval_secs = 1\n${more}\n[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "${command}"\n`;
/** Changes the limits of a running process: here how large its files may become. */
const PRLIMIT = '/usr/bin/prlimit';
const home = ({ root }: Repository) => join(root, '.jit-dispatch/test');
const ledgerFile = (repository: Repository) => join(home(repository), 'ledger.db');
const setAside = (repository: Repository) =>
  readdirSync(home(repository)).filter((name) => name.startsWith('ledger.db.damaged-'));

/** Two issues, each with an agent that waits for the file `go` and notes that it was started. */
async function withTwoRunning() {
  const repository = await createRepository();
  repository.script(
    'wait',
    '#!/bin/sh\necho "$JIT_ISSUE_ID" >> started\nwhile [ ! -e go ]; do sleep 0.1; done\n',
  );
  repository.configure(agent('./wait'));
  const issues = [await repository.create('One'), await repository.create('Two')];
  const go = () => writeFileSync(join(repository.root, 'go'), '');
  const agents = () =>
    until('both agents run', () => {
      const found = runFolders(repository.root).flatMap((each) => readRun(each, 'agent') ?? []);
      const alive = found.filter(isAlive);
      return alive.length === 2 ? alive : null;
    });
  const startedOnce = async () => {
    const { readFileSync } = await import('node:fs');
    const started = readFileSync(join(repository.root, 'started'), 'utf8').trim().split('\n');
    expect(started.sort()).toEqual([...issues].sort());
  };
  return { repository, go, agents, issues, startedOnce };
}

const allDone = (repository: Repository) =>
  until('all done', async () => (await repository.issues()).every(({ state }) => state === 'done'));

describe('a damaged ledger', () => {
  test('is set aside and made anew from run folders; agents go on, none is started twice', async () => {
    const { repository, go, agents, startedOnce } = await withTwoRunning();
    repository.configure(agent("sh -c 'exit 3'"));
    await repository.jit(['issue', 'create', '-t', 'Fails', '-p', 'critical']);
    await repository.onceByItself('--max-issues', '1');
    const [failed] = await until('the first has failed', async () => {
      await repository.onceByItself('--max-issues', '0');
      const ended = await repository.runs('--all');
      return ended[0]?.state === 'failed' ? ended : null;
    });
    repository.configure(agent('./wait'));
    await repository.onceByItself();
    const running = await agents();
    await repository.jit([
      'issue',
      'claim',
      await repository.create('Unknown'),
      'a',
      '--ttl',
      '600',
    ]);
    writeFileSync(ledgerFile(repository), 'no ledger '.repeat(900));

    const refused = await repository.dispatch('status', '--json');
    expect(refused.exit).toBe(10);
    expect(JSON.parse(refused.stdout).error).toMatchObject({
      code: 'LEDGER_DAMAGED',
      hint: expect.stringContaining('sets it aside'),
    });
    expect(setAside(repository)).toEqual([]);

    const { exit, stderr } = await repository.dispatch('once', '--json');
    expect(exit).toBe(0);
    expect(stderr).toContain('3 runs were taken in from their folders, 2 are live');
    expect(stderr).toMatch(/is claimed for a until 2\S+Z and no run here knows of it/);
    expect(setAside(repository)).toHaveLength(1);
    const status = JSON.parse(
      (await repository.dispatch('status', '--json')).stdout,
    ) as DispatcherStatusOutput;
    expect(status.rebuilt?.message).toContain(setAside(repository)[0]);
    expect(status.runs).toHaveLength(2);
    expect(running.every(isAlive)).toBe(true);

    go();
    await until('settled', async () => {
      await repository.onceByItself('--max-issues', '0');
      return (await repository.runs()).length === 0;
    });
    await startedOnce();
    const runs = await repository.runs('--all');
    expect(runs.find(({ run }) => run === failed?.run)).toEqual(failed);
    expect(runs.map(({ state, exit_code }) => [state, exit_code]).sort()).toEqual([
      ['completed', 0],
      ['completed', 0],
      ['failed', 3],
    ]);
  });

  test('is met by a running daemon: it makes the ledger anew and goes on', async () => {
    const { repository, go, agents, startedOnce } = await withTwoRunning();
    const daemon = repository.start();
    const running = await agents();
    await until('both are noted', () => daemon.log().match(/ running /g)?.length === 2);
    const touch = damage(ledgerFile(repository));
    await until('it is said', () => {
      const isSaid = daemon.log().includes('2 runs were taken in');
      if (!isSaid) touch();
      return isSaid;
    });
    expect(running.every(isAlive)).toBe(true);
    go();
    await allDone(repository);
    expect(await daemon.stop()).toMatchObject({ exit: 0 });
    await startedOnce();
    expect(setAside(repository).length).toBeGreaterThan(0);
  });

  test('of a newer version is refused, and nothing is moved', async () => {
    const repository = await createRepository();
    repository.configure(agent('true'));
    await repository.onceByItself();
    const db = new Database(ledgerFile(repository));
    db.pragma('user_version = 99');
    db.close();
    for (const command of ['once', 'start', 'runs']) {
      const { exit, stdout } = await repository.dispatch(command, '--json');
      expect([exit, JSON.parse(stdout).error.code]).toEqual([4, 'LEDGER_TOO_NEW']);
    }
    expect(setAside(repository)).toEqual([]);
  });
});

test('a removed ledger is made anew, too', async () => {
  const { repository, go, agents, startedOnce } = await withTwoRunning();
  await repository.onceByItself();
  await agents();
  renameSync(ledgerFile(repository), join(repository.root, 'away'));
  expect((await repository.onceByItself()).started).toEqual([]);
  expect(await repository.runs()).toHaveLength(2);
  go();
  await allDoneByOnce(repository);
  await startedOnce();
});

async function allDoneByOnce(repository: Repository): Promise<void> {
  await until('all done', async () => {
    await repository.onceByItself();
    return (await repository.issues()).every(({ state }) => state === 'done');
  });
}

test('each process that finds a living run journals once that it watches it', async () => {
  const { repository, go, agents } = await withTwoRunning();
  await repository.onceByItself();
  await agents();
  await repository.onceByItself();
  const daemon = repository.start();
  await until('adopted', () => daemon.log().match(/ adopted /g)?.length === 2);
  go();
  await allDone(repository);
  await daemon.stop();
  const db = new Database(ledgerFile(repository), { readonly: true });
  const rows = db
    .prepare("SELECT json_extract(data, '$.by') AS process FROM records WHERE type = 'adopted'")
    .pluck()
    .all();
  db.close();
  expect(rows).toHaveLength(4);
  expect(new Set(rows).size).toBe(2);
});

test('a disk without room: nothing is started, it is said once, and work goes on with room again', async () => {
  const repository = await createRepository();
  repository.configure(agent('true'));
  await repository.onceByItself();
  const daemon = repository.start();
  await until('the daemon is up', () => daemon.log().includes('dispatches to'));
  const room = (bytes: string) =>
    expect(
      spawnSync(PRLIMIT, ['--pid', String(daemon.process.pid), `--fsize=${bytes}`]).status,
    ).toBe(0);
  room('1:unlimited');
  const id = await repository.create('One');
  const said = () => daemon.log().match(/ledger\.db cannot be used/g)?.length ?? 0;
  await until('it is said', () => said() > 0);
  expect(said()).toBe(1);
  expect(runFolders(repository.root)).toEqual([]);
  expect(await repository.issue(id)).toMatchObject({ state: 'ready', attempt: 0 });
  room('unlimited:unlimited');
  await allDone(repository);
  expect(await repository.runs('--all')).toMatchObject([{ issue: id, attempt: 1 }]);
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

test('`once` on a disk without room starts nothing and exits 10', async () => {
  const repository = await createRepository();
  repository.configure(agent('true'));
  await repository.onceByItself();
  const id = await repository.create('One');
  const small = repository.script('small', '#!/bin/sh\nulimit -S -f 1\nexec "$@"\n');
  const bundle = join(import.meta.dirname, '../bin/jit-dispatch.js');
  const { status, stdout } = spawnSync(small, [process.execPath, bundle, 'once', '--json'], {
    cwd: repository.root,
    encoding: 'utf8',
    env: { PATH: `${join(repository.root, 'bin')}:${process.env.PATH}` },
  });
  expect([status, JSON.parse(stdout).error.code]).toEqual([10, 'LEDGER_UNUSABLE']);
  expect(runFolders(repository.root)).toEqual([]);
  expect(await repository.issue(id)).toMatchObject({ state: 'ready', attempt: 0 });
});

test('a tracker that is moved away is an error, no empty queue; agents live on and are settled when it is back', async () => {
  const { repository, go, agents, startedOnce } = await withTwoRunning();
  const daemon = repository.start();
  const running = await agents();
  const [here, away] = [join(repository.root, '.jit'), join(repository.root, 'away')];
  renameSync(here, away);
  const said = () => daemon.log().match(/ error +error /g)?.length ?? 0;
  await until('it is said', () => said() > 0);
  const { exit, stdout } = await repository.dispatch('status', '--json');
  const status = JSON.parse(stdout);
  expect([exit, status.error?.code ?? status.tracker?.ok]).toEqual([10, false]);
  go();
  await until('the agents ended', () => !running.some(isAlive));
  expect(await repository.runs()).toHaveLength(2);
  expect(said()).toBe(1);
  renameSync(away, here);
  await allDone(repository);
  await startedOnce();
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
  for (const run of await repository.runs('--all'))
    expect(run).toMatchObject({ state: 'completed', exit_code: 0, attempt: 1 });
});

test('a run folder that somebody removes hides no agent: it is stopped before its issue is given back', async () => {
  const { repository, agents, issues } = await withTwoRunning();
  const daemon = repository.start();
  const running = await agents();
  await until('both are noted', () => daemon.log().match(/ running /g)?.length === 2);
  const [folder = ''] = runFolders(repository.root);
  const [hidden] = running.filter(({ pid }) => pid === readRun(folder, 'agent')?.pid);
  if (hidden === undefined) throw new Error('no agent');
  daemon.process.kill('SIGKILL');
  await daemon.ended;
  rmSync(folder, { recursive: true });
  const { settled } = await repository.onceByItself('--max-issues', '0');
  expect(isAlive(hidden)).toBe(false);
  expect(settled).toMatchObject([{ run: basename(folder), state: 'lost', reason: 'keeper_died' }]);
  const states = (await repository.issues()).map(({ state }) => state);
  expect(states.sort()).toEqual(['in_progress', 'open']);
  expect(issues).toHaveLength(2);
});

test('what is left of an ended run is stopped, and a stranger with another marker is not', async () => {
  const repository = await createRepository();
  repository.configure(agent('true'));
  await repository.create('One');
  await repository.onceByItself();
  await allDoneByOnce(repository);
  const [folder = ''] = runFolders(repository.root);
  const leave = (run: string) =>
    spawn('sleep', ['300'], {
      env: { PATH: process.env.PATH, JIT_RUN_ID: run, JIT_TEST_ROOT: repository.root },
      detached: true,
      stdio: 'ignore',
    });
  leave(basename(folder));
  const stranger = leave(`${basename(folder)}-other`);
  await until('both run', () => findMarked('JIT_TEST_ROOT', repository.root).length >= 2);
  await repository.onceByItself();
  expect(findMarked('JIT_RUN_ID', basename(folder))).toEqual([]);
  expect(stranger.signalCode).toBeNull();
});

test('a `once` waits for another one of its name, and is refused when that takes too long', async () => {
  const repository = await createRepository();
  repository.script('slow', '#!/bin/sh\nwhile [ -e hold ]; do sleep 0.1; done\nexec jit "$@"\n');
  repository.configure(
    `[tracker]\ncommand = "./slow"\n${agent('true').replace('poll_interval_secs = 1\n', '')}`,
  );
  await repository.create('One');
  writeFileSync(join(repository.root, 'hold'), '');
  const first = repository.dispatch('once', '--json');
  await until('the first has the lock', () => existsSync(join(home(repository), 'holder.json')));
  const refused = await repository.dispatch('once', '--lock-timeout', '0', '--json');
  expect([refused.exit, JSON.parse(refused.stdout).error.code]).toEqual([75, 'DISPATCHER_RUNNING']);
  const waiting = repository.start();
  renameSync(join(repository.root, 'hold'), join(repository.root, 'held'));
  expect(await first).toMatchObject({ exit: 0 });
  await until('its turn', () => waiting.log().includes('dispatches to'));
  await allDone(repository);
  expect(await waiting.stop()).toMatchObject({ exit: 0 });
  expect(await repository.runs('--all')).toHaveLength(1);
});
