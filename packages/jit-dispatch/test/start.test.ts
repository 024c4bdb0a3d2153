import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { describe, expect, test } from 'vitest';
import { findMarked, isAlive } from '../src/keeper/identity.ts';
import { createRepository } from './repository.ts';
import { readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

const agent = (id: string, rest: string) => `[[agents]]\nid = "${id}"\n${rest}\n`;
const WORK = `#!/bin/sh
jit issue show "$JIT_ISSUE_ID" --json > /dev/null && : > "log/$(date +%s%N)-$JIT_ISSUE_ID"
jit issue update "$JIT_ISSUE_ID" --state done
`;

test('a graph of 30 issues is finished in dependency order, each issue started once', async () => {
  const repository = await createRepository();
  mkdirSync(join(repository.root, 'log'));
  repository.script('work', WORK);
  const ids: string[] = [];
  const edges = new Map<string, string[]>();
  for (let at = 0; at < 30; at += 1) {
    const on = at % 5 === 0 ? [] : [at - 1, at - 4, at - 9].flatMap((each) => ids[each] ?? []);
    const id = await repository.create(`Issue ${at}`, ...on.flatMap((each) => ['--dep', each]));
    ids.push(id);
    edges.set(id, on);
  }
  repository.configure(
    agent('a', 'capacity = 3\ncommand = "./work"') + agent('b', 'capacity = 2\ncommand = "./work"'),
  );
  const daemon = repository.start();
  await until('all issues done', async () =>
    (await repository.issues()).every(({ state }) => state === 'done'),
  );
  expect(await daemon.stop()).toMatchObject({ exit: 0 });

  const starts = readdirSync(join(repository.root, 'log')).sort();
  const order = starts.map((name) => name.slice(name.indexOf('-') + 1));
  expect([...order].sort()).toEqual([...ids].sort());
  for (const [id, on] of edges)
    for (const dependency of on) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(id));
  const runs = await repository.runs('--all');
  expect(runs).toHaveLength(30);
  for (const run of runs)
    expect(run).toMatchObject({ state: 'completed', attempt: 1, exit_code: 0 });
});

test('an issue that becomes ready is started at once, long before the next poll', async () => {
  const repository = await createRepository();
  repository.configure(
    `poll_interval_secs = 3600\n${agent('a', 'completion = "exit"\ncommand = "true"')}`,
  );
  const daemon = repository.start();
  await until('the daemon is up', () => daemon.log().includes('dispatches to'));
  const id = await repository.create('New');
  await until('done', async () => (await repository.issue(id)).state === 'done');
});

describe('a daemon that was killed', () => {
  test('leaves its agents running; the next one takes them over and starts nothing twice', async () => {
    const repository = await createRepository();
    const issues = [await repository.create('1'), await repository.create('2')];
    repository.script('wait', '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.1; done\n');
    repository.configure(agent('a', 'capacity = 5\ncompletion = "exit"\ncommand = "./wait"'));
    const first = repository.start();
    const folders = await until('both agents run', () => {
      const found = runFolders(repository.root);
      return found.length === 2 && found.every((each) => readRun(each, 'agent')) ? found : null;
    });
    first.process.kill('SIGKILL');
    await first.ended;
    for (const folder of folders) {
      const record = readRun(folder, 'agent');
      expect(record && isAlive(record)).toBe(true);
    }
    const second = repository.start();
    await until('the second is up', () => second.log().includes('dispatches to'));
    writeFileSync(join(repository.root, 'go'), '');
    await until('both done', async () =>
      (await repository.issues()).every(({ state }) => state === 'done'),
    );
    expect(await second.stop()).toMatchObject({ exit: 0 });
    const runs = await repository.runs('--all');
    expect(runs.map(({ issue, state, attempt }) => [issue, state, attempt])).toEqual(
      expect.arrayContaining(issues.map((issue) => [issue, 'completed', 1])),
    );
    expect(runs).toHaveLength(2);
  });

  test('together with its keepers: what is left of the agents is stopped, then the issues are free', async () => {
    const repository = await createRepository();
    const id = await repository.create('1');
    repository.configure(agent('a', 'command = "sleep 300"'));
    const first = repository.start();
    const folder = await until('the agent runs', () => {
      const [found] = runFolders(repository.root);
      return found !== undefined && readRun(found, 'agent') ? found : null;
    });
    first.process.kill('SIGKILL');
    await first.ended;
    const keeper = readRun(folder, 'keeper');
    if (keeper === null || 'abandoned' in keeper) throw new Error('no keeper');
    process.kill(keeper.pid, 'SIGKILL');
    await until('the keeper is gone', () => !isAlive(keeper));
    expect(findMarked('JIT_RUN_ID', basename(folder))).not.toEqual([]);
    const cycle = await repository.once();
    expect(cycle.settled).toMatchObject([{ issue: id, state: 'lost', reason: 'keeper_died' }]);
    expect(findMarked('JIT_RUN_ID', basename(folder))).toEqual([]);
    expect(await repository.issue(id)).toMatchObject({ state: 'open', claim: null });
  });
});

describe('a stop', () => {
  test('waits for running agents, starts none, settles them', async () => {
    const repository = await createRepository();
    const id = await repository.create('Running');
    repository.script('wait', '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.1; done\n');
    repository.configure(agent('a', 'completion = "exit"\ncommand = "./wait"'));
    const daemon = repository.start();
    await until('started', () => daemon.log().includes(' running '));
    daemon.process.kill('SIGTERM');
    await until('draining', () => daemon.log().includes('draining, 1 running'));
    const late = await repository.create('Late');
    writeFileSync(join(repository.root, 'go'), '');
    expect(await daemon.ended).toMatchObject({ exit: 0 });
    expect(await repository.issue(id)).toMatchObject({ state: 'done' });
    expect(await repository.issue(late)).toMatchObject({ state: 'ready', attempt: 0 });
  });

  test('twice stops the agents and gives their issues back, without blaming them', async () => {
    const repository = await createRepository();
    const id = await repository.create('Running');
    repository.configure(`stop_grace_secs = 1\n${agent('a', 'command = "sleep 300"')}`);
    const daemon = repository.start();
    await until('started', () => daemon.log().includes(' running '));
    daemon.process.kill('SIGINT');
    await until('draining', () => daemon.log().includes('draining'));
    expect(await daemon.stop('SIGINT')).toMatchObject({ exit: 0 });
    expect(await repository.runs('--all')).toMatchObject([
      { state: 'canceled', reason: 'stopped' },
    ]);
    expect(await repository.issue(id)).toMatchObject({ state: 'ready', claim: null });
    const [folder = ''] = runFolders(repository.root);
    expect(findMarked('JIT_RUN_ID', basename(folder))).toEqual([]);
  });
});

test('an agent that cannot be started is no start in the summary', async () => {
  const repository = await createRepository();
  await repository.create('For nobody', '--label', 'x');
  await repository.create('For somebody');
  repository.configure(
    agent('ghost', 'tags = ["x"]\ncommand = "no-such-agent"') +
      agent('real', 'completion = "exit"\ncommand = "true"'),
  );
  const daemon = repository.start('--json');
  await until(
    'both ended',
    async () =>
      (await repository.runs('--all')).length === 2 && (await repository.runs()).length === 0,
  );
  await until('it is said', () => / failed +warn issue=\S+ .*command not found/.test(daemon.log()));
  const { stdout } = await daemon.stop();
  expect(JSON.parse(stdout)).toMatchObject({ started: 1, settled: 1, failed: 1, left: 0 });
});

test('a second daemon of the same name is refused, one of another name is not', async () => {
  const repository = await createRepository();
  for (let at = 0; at < 12; at += 1) await repository.create(`Issue ${at}`);
  repository.configure(agent('a', 'capacity = 2\ncompletion = "exit"\ncommand = "true"'));
  const first = repository.start();
  await until('the first is up', () => first.log().includes('dispatches to'));
  for (const command of ['start', 'once']) {
    const { exit, stdout } = await repository.dispatch(command, '--json');
    expect(exit).toBe(75);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'DISPATCHER_RUNNING',
      retryable: true,
      details: { pid: first.process.pid },
    });
  }
  const second = repository.start('--name', 'second');
  await until('all done', async () =>
    (await repository.issues()).every(({ state }) => state === 'done'),
  );
  await Promise.all([first.stop(), second.stop()]);
  const runs = [
    ...(await repository.runs('--all')),
    ...(await repository.runs('--all', '--name', 'second')),
  ];
  const completed = runs.filter(({ state }) => state === 'completed');
  expect(completed).toHaveLength(12);
  expect(new Set(completed.map(({ issue }) => issue)).size).toBe(12);
});

test('status shows the daemon, its agents and what runs', async () => {
  const repository = await createRepository();
  const id = await repository.create('Running');
  repository.configure(agent('a', 'capacity = 3\ncommand = "sleep 300"'));
  const daemon = repository.start('--log-format', 'json');
  await until('started', () => daemon.log().includes('"event":"running"'));
  const { exit, stdout } = await repository.dispatch('status', '--json');
  expect(exit).toBe(0);
  const status = JSON.parse(stdout) as DispatcherStatusOutput;
  expect(status).toMatchObject({
    name: 'test',
    daemon: { pid: daemon.process.pid },
    tracker: { ok: true, ready: 0, error: null },
    agents: [{ id: 'a', capacity: 3, running: 1, claimed: 1 }],
    runs: [{ issue: id, state: 'running', agent: 'a' }],
  });
  for (const line of daemon.log().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('at');
});

test('a tracker that fails for a while is an error state, and work goes on after it', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.script('flaky', '#!/bin/sh\n[ -e broken ] && echo "Welcome!" || exec jit "$@"\n');
  repository.configure(
    `poll_interval_secs = 1\n[tracker]\ncommand = "./flaky"\n${agent('a', 'completion = "exit"\ncommand = "true"')}`,
  );
  const first = repository.start();
  await until('done', async () => (await repository.issue(id)).state === 'done');
  writeFileSync(join(repository.root, 'broken'), '');
  await until('the error is logged', () => first.log().includes('Welcome!'));
  const broken = await repository.dispatch('status', '--json');
  expect(broken.exit).toBe(10);
  expect(JSON.parse(broken.stdout).last_error.message).toContain('Welcome!');
  const { unlinkSync } = await import('node:fs');
  unlinkSync(join(repository.root, 'broken'));
  const next = await repository.create('Two');
  await until('work goes on', async () => (await repository.issue(next)).state === 'done');
});
