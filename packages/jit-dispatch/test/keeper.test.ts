import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, onTestFinished, test } from 'vitest';
import { uptimeMs } from '../src/keeper/clock.ts';
import { findMarked, isAlive } from '../src/keeper/identity.ts';
import { readOutputTail } from '../src/keeper/output-segments.ts';
import { createRecord } from '../src/keeper/records.ts';
import type { ExitRecord, KeeperSpec } from '../src/run-records.ts';
import { endRun, readRun } from './run-folders.ts';
import { someSpec } from './samples.ts';
import { until } from './until.ts';

const KEEPER = fileURLToPath(new URL('../dist/keeper.cjs', import.meta.url));
const RENEWED = '{"exit":0,"result":{}}';
const LOST = '{"exit":7,"error":{"code":"LOST_CLAIM"}}';

/** A run with a keeper of its own, and a jit that answers with fixed lines. */
function createRun(argv: readonly string[], facts: Partial<KeeperSpec> = {}, answer = RENEWED) {
  const folder = tempFolder();
  const run = `run-${process.pid}-${folder.slice(-6)}`;
  onTestFinished(() => endRun(folder, run));
  const jit = join(folder, 'fake-jit');
  writeFileSync(
    jit,
    `#!/bin/sh\ncat >> "${folder}/asked"\nprintf '%s\\n' '${answer}' '${answer}' '${answer}'\n`,
  );
  chmodSync(jit, 0o755);
  const spec = someSpec({
    run,
    argv,
    cwd: folder,
    env: { JIT_RUN_ID: run, JIT_CLAIM: 'secret' },
    tracker: { argv: [jit], suffix: [], cwd: folder, env: {} },
    leased_at_ms: uptimeMs(),
    ...facts,
  });
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  return { folder, run, output: () => readFileSync(join(folder, 'output.log'), 'utf8') };
}

function startKeeper(folder: string) {
  const keeper = spawn(process.execPath, [KEEPER, folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: process.env.PATH, SECRET: 'not for agents' },
    detached: true,
  });
  return { keeper, ended: new Promise<void>((resolve) => keeper.once('exit', () => resolve())) };
}

async function exitOf(folder: string): Promise<ExitRecord> {
  await startKeeper(folder).ended;
  const exit = readRun(folder, 'exit');
  if (exit === null) throw new Error('the keeper recorded nothing');
  return exit;
}

const sh = (script: string) => ['sh', '-c', script];
const agentOf = (folder: string) => until('agent started', () => readRun(folder, 'agent'));

describe('how an agent ended is recorded', () => {
  test('by its exit code', async () => {
    const { folder } = createRun(sh('exit 3'));
    expect(await exitOf(folder)).toMatchObject({ reason: 'exited', code: 3, signal: null });
  });
  test('by the signal that killed it', async () => {
    const { folder } = createRun(sh('kill -9 $$'));
    expect(await exitOf(folder)).toMatchObject({ reason: 'exited', code: null, signal: 'SIGKILL' });
  });
  test('in plain words also if the keeper fails', async () => {
    const { folder } = createRun(sh('exit 0'));
    mkdirSync(join(folder, 'agent.json'));
    const exit = await exitOf(folder);
    expect(exit).toMatchObject({ reason: 'keeper_failed' });
    expect(exit.message).toMatch(/^EISDIR[^\n]*$/);
    rmdirSync(join(folder, 'agent.json'));
  });
  test('by the reason why it could not be started', async () => {
    const absent = createRun(['no-such-agent', 'x']);
    expect(await exitOf(absent.folder)).toMatchObject({
      reason: 'spawn_failed',
      message: 'command not found: no-such-agent',
    });
    const blocked = createRun(['./spec.json']);
    expect(await exitOf(blocked.folder)).toMatchObject({
      reason: 'spawn_failed',
      message: 'not executable: ./spec.json',
    });
    const homeless = createRun(['true'], { cwd: '/no/such/folder' });
    expect((await exitOf(homeless.folder)).message).toContain('/no/such/folder');
  });
});

test('a claim without a lease is not renewed, and 0 is no time limit', async () => {
  const { folder } = createRun(sh('sleep 1.2'), { ttl_secs: null, time_limit_secs: 0 });
  expect(await exitOf(folder)).toMatchObject({ reason: 'exited', code: 0 });
  expect(existsSync(join(folder, 'asked'))).toBe(false);
});

describe('an agent', () => {
  test('gets its arguments without a shell, its environment by a list, and the issue on stdin', async () => {
    const program = 'cat; echo "$@"; echo "[$SECRET][$JIT_CLAIM]"';
    const { folder, output } = createRun(['sh', '-c', program, 'sh', '$HOME; `x` | y', '*'], {
      stdin: '{"title":"Ünïcode"}\n',
    });
    await exitOf(folder);
    expect(output()).toBe('{"title":"Ünïcode"}\n$HOME; `x` | y *\n[][[redacted]]\n');
  });
  test('is stopped with its group when its time is up, also if it ignores SIGTERM', async () => {
    const { folder, run } = createRun(sh('trap "" TERM; echo up; while :; do sleep 1; done'), {
      time_limit_secs: 1,
      stop_grace_secs: 0.3,
    });
    expect(await exitOf(folder)).toMatchObject({ reason: 'timed_out', signal: 'SIGKILL' });
    expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
  });
  test('leaves no grandchild behind that holds its output', async () => {
    const { folder, run } = createRun(sh('(trap "" TERM; sleep 300) & echo gone; exit 0'), {
      stop_grace_secs: 0.3,
    });
    expect(await exitOf(folder)).toMatchObject({ reason: 'exited', code: 0 });
    expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
  });
  test('leaves nothing behind that began a session of its own', async () => {
    const { folder, run } = createRun(
      sh(
        'setsid sh -c "touch away; exec sleep 300" > /dev/null 2>&1 & until [ -e away ]; do sleep 0.1; done',
      ),
    );
    expect(await exitOf(folder)).toMatchObject({ reason: 'exited', code: 0 });
    expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
  });
  test('that floods its output fills no disk', async () => {
    const { folder, output } = createRun(
      sh('echo first; head -c 30000000 /dev/zero | tr "\\0" x; echo last'),
      { output_cap_bytes: 100_000 },
    );
    expect(await exitOf(folder)).toMatchObject({ code: 0 });
    const files = readdirSync(folder).filter((name) => name.startsWith('output'));
    const sum = files.reduce((all, name) => all + statSync(join(folder, name)).size, 0);
    expect(sum).toBeLessThanOrEqual(100_000);
    expect(output()).toMatch(/^first\nxxx/);
    expect(readOutputTail(folder, 10)).toBe('xxxxxlast\n');
  });
});

describe('a stop', () => {
  test('that comes while the agent is being started leaves none running', async () => {
    const { folder, run } = createRun(sh('sleep 300'), { stop_grace_secs: 0.5 });
    const { keeper, ended } = startKeeper(folder);
    await until('it is kept', () => readRun(folder, 'keeper'));
    keeper.kill('SIGTERM');
    await ended;
    expect(readRun(folder, 'exit')).toMatchObject({ reason: 'canceled' });
    expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
  });
  test('that comes after the agent has ended by itself is not said to have ended it', async () => {
    const { folder, run } = createRun(sh('(trap "" TERM; exec sleep 300) & exit 7'), {
      stop_grace_secs: 0.5,
    });
    const { keeper, ended } = startKeeper(folder);
    const agent = await agentOf(folder);
    await until('the agent has ended', () => !isAlive(agent));
    keeper.kill('SIGTERM');
    await ended;
    expect(readRun(folder, 'exit')).toMatchObject({ reason: 'exited', code: 7, message: '' });
    expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
  });
  test('by somebody else is told from one by the keeper', async () => {
    const { folder } = createRun(sh('sleep 300'));
    const { ended } = startKeeper(folder);
    const agent = await agentOf(folder);
    process.kill(-agent.pid, 'SIGTERM');
    await ended;
    expect(readRun(folder, 'exit')).toMatchObject({
      reason: 'exited',
      code: null,
      signal: 'SIGTERM',
      message: 'ended by a SIGTERM that its keeper did not send',
    });
  });
});

describe('the lease', () => {
  test('is renewed while the agent works; the token is in no argument', async () => {
    const { folder } = createRun(sh('sleep 300'), {
      ttl_secs: 3,
      leased_at_ms: uptimeMs() - 1_000,
    });
    const { keeper, ended } = startKeeper(folder);
    const asked = join(folder, 'asked');
    const times = () =>
      existsSync(asked) ? readFileSync(asked, 'utf8').match(/heartbeat/g) : null;
    await until('three renewals', () => (times()?.length ?? 0) >= 3);
    expect(readFileSync(asked, 'utf8')).toContain('["issue","heartbeat","i1","--claim","secret"]');
    keeper.kill('SIGTERM');
    await ended;
    expect(readRun(folder, 'exit')).toMatchObject({ reason: 'canceled', signal: 'SIGTERM' });
  });
  test('that somebody else has ends the agent', async () => {
    const { folder, run } = createRun(sh('sleep 300'), { ttl_secs: 3 }, LOST);
    expect(await exitOf(folder)).toMatchObject({ reason: 'lost_claim' });
    expect(findMarked('JIT_RUN_ID', run)).toEqual([]);
  });
  test('that cannot be renewed ends the agent before it ends itself', async () => {
    const { folder } = createRun(sh('sleep 300'), { ttl_secs: 3 }, 'no JSON');
    expect(await exitOf(folder)).toMatchObject({ reason: 'lease_not_renewed' });
  });
  test('ends after an agent that ignores SIGTERM, however long its grace', async () => {
    const { folder } = createRun(
      sh('trap "" TERM; while :; do sleep 0.1; done'),
      { ttl_secs: 9, leased_at_ms: uptimeMs(), stop_grace_secs: 60 },
      'no JSON',
    );
    const begun = uptimeMs();
    expect(await exitOf(folder)).toMatchObject({ reason: 'lease_not_renewed', signal: 'SIGKILL' });
    expect(uptimeMs() - begun).toBeLessThan(30_000);
  });
  test('that ended with the issue lets the agent finish', async () => {
    const shown = '{"exit":0,"result":{"state":"done","attempt":1}}';
    const done = [shown, LOST, shown].join('\\n');
    const { folder } = createRun(sh('while [ ! -s asked ]; do sleep 0.1; done; sleep 1; exit 5'), {
      ttl_secs: 3,
    });
    writeFileSync(
      join(folder, 'fake-jit'),
      `#!/bin/sh\ncat >> "${folder}/asked"\nprintf '${done}\\n'\n`,
    );
    expect(await exitOf(folder)).toMatchObject({ reason: 'exited', code: 5 });
  });
});

describe('whoever creates keeper.json first decides', () => {
  test('a keeper of a run that was given up starts nothing', async () => {
    const { folder } = createRun(sh('touch started'));
    expect(createRecord(join(folder, 'keeper.json'), { abandoned: true })).toBe(true);
    await startKeeper(folder).ended;
    expect(existsSync(join(folder, 'started'))).toBe(false);
    expect(readRun(folder, 'exit')).toBeNull();
  });
  test('of several keepers one starts the agent', async () => {
    const { folder } = createRun(sh('echo once >> started'));
    await Promise.all(Array.from({ length: 4 }, () => startKeeper(folder).ended));
    expect(readFileSync(join(folder, 'started'), 'utf8')).toBe('once\n');
  });
});

test('an agent can be found by its record when its keeper was killed', async () => {
  const { folder, run } = createRun(sh('sleep 300'));
  const { keeper, ended } = startKeeper(folder);
  const agent = await agentOf(folder);
  keeper.kill('SIGKILL');
  await ended;
  expect(isAlive(agent)).toBe(true);
  expect(findMarked('JIT_RUN_ID', run).map(({ pid }) => pid)).toContain(agent.pid);
  expect(readRun(folder, 'exit')).toBeNull();
});
