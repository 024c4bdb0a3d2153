import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';

const DONE = '#!/bin/sh\njit issue update "$JIT_ISSUE_ID" --state done\n';
const agent = (id: string, rest: string) => `[[agents]]\nid = "${id}"\n${rest}\n`;
/** A failed issue is not started again, however slow the machine is. */
const LONG_REST = '[retry]\nfirst_secs = 3600\nmax_secs = 3600\n';
const allEnded = (repository: Repository) =>
  until('all runs settled', async () => {
    if (!isQuiet(repository.root)) return false;
    await repository.onceByItself();
    return (await repository.runs()).length === 0;
  });

test('two agents with capacity 2 and five issues: two each, the lowest priority waits', async () => {
  const repository = await createRepository();
  for (const priority of ['low', 'high', 'normal', 'critical', 'high'])
    await repository.create(`A ${priority} one`, '-p', priority);
  repository.configure(
    agent('copilot-1', 'capacity = 2\ncommand = "sleep 300"') +
      agent('ci-runner-1', 'max_concurrent = 2\ncommand = "sleep 300"'),
  );
  const cycle = await repository.onceByItself();
  expect(cycle.started.map(({ agent }) => agent).sort()).toEqual([
    'ci-runner-1',
    'ci-runner-1',
    'copilot-1',
    'copilot-1',
  ]);
  expect(cycle.decisions.at(-1)).toMatchObject({ priority: 'low', reason: 'agents_full' });
  const again = await repository.onceByItself();
  expect(again).toMatchObject({ ready: 1, started: [], settled: [] });
});

test('agents outlive the dispatcher; the next one settles them by the status that was recorded', async () => {
  const repository = await createRepository();
  repository.script('fail', '#!/bin/sh\nexit 3\n');
  repository.script('done', DONE);
  const [good, bad, idle] = [
    await repository.create('Good', '--label', 'good'),
    await repository.create('Bad', '--label', 'bad'),
    await repository.create('Idle', '--label', 'idle'),
  ];
  repository.configure(
    LONG_REST +
      agent('good', 'tags = ["good"]\ncommand = "./done"') +
      agent('bad', 'tags = ["bad"]\ncommand = "./fail"') +
      agent('idle', 'tags = ["idle"]\ncommand = "true"'),
  );
  expect((await repository.onceByItself()).started).toHaveLength(3);
  await allEnded(repository);
  const runs = await repository.runs('--all');
  expect(
    runs.map(({ issue, state, reason, exit_code }) => [issue, state, reason, exit_code]),
  ).toEqual(
    expect.arrayContaining([
      [good, 'completed', 'issue_done', 0],
      [bad, 'failed', 'exit_code', 3],
      [idle, 'failed', 'no_progress', 0],
    ]),
  );
  expect(await repository.issue(good)).toMatchObject({ state: 'done' });
  const released = await repository.issue(bad);
  expect(released).toMatchObject({ state: 'open', assignee: null, claim: null, attempt: 1 });
  expect(released.blockers).toMatchObject([{ type: 'deferred' }]);
});

test('with completion = "exit" the exit code finishes the issue', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.configure(agent('a', 'completion = "exit"\ncommand = "true"'));
  await repository.onceByItself();
  await allEnded(repository);
  expect(await repository.issue(id)).toMatchObject({ state: 'done' });
  expect(await repository.runs('--all')).toMatchObject([{ state: 'completed', reason: 'exit_0' }]);
});

test('an issue that waits for a gate is a completed run, and its slot is free', async () => {
  const repository = await createRepository();
  await repository.jit(['gate', 'define', 'review', '--stage', 'done']);
  const id = await repository.create('One', '--gate', 'review');
  repository.configure(agent('a', 'completion = "exit"\ncommand = "true"'));
  await repository.onceByItself();
  await allEnded(repository);
  expect(await repository.issue(id)).toMatchObject({ state: 'gated', claim: null });
  expect(await repository.runs('--all')).toMatchObject([
    { state: 'completed', reason: 'issue_gated' },
  ]);
});

test('an agent whose command does not exist fails with a reason, the others go on', async () => {
  const repository = await createRepository();
  const lost = await repository.create('For nobody', '--label', 'x', '-p', 'high');
  const fine = await repository.create('For somebody');
  repository.configure(
    agent('ghost', 'tags = ["x"]\ncommand = "no-such-agent {issue_id}"') +
      agent('real', 'capacity = 2\ncompletion = "exit"\ncommand = "true"'),
  );
  const cycle = await repository.onceByItself();
  expect(cycle.failed).toMatchObject([
    { issue: lost, reason: 'spawn_failed', detail: 'command not found: no-such-agent' },
  ]);
  expect(cycle.started).toMatchObject([{ issue: fine, agent: 'real' }]);
  expect(await repository.issue(lost)).toMatchObject({ assignee: null, claim: null });
});

describe('what an agent is told', () => {
  test('its issue, run, claim and tracker, and the issue as JSON on request', async () => {
    const repository = await createRepository();
    repository.script('report', '#!/bin/sh\n{ env; cat "$JIT_ISSUE_FILE"; } > report.txt\n');
    const id = await repository.create('Quote "it" $(touch pwned)');
    repository.configure(
      agent('a', 'command = "./report {issue_id}"\nissue_json = "file"\nenv = { MODE = "fast" }'),
    );
    const [run] = (await repository.onceByItself()).started;
    await allEnded(repository);
    const report = readFileSync(join(repository.root, 'report.txt'), 'utf8');
    expect(report).toContain(`JIT_ISSUE_ID=${id}\n`);
    expect(report).toContain('JIT_AGENT_ID=a\n');
    expect(report).toContain(`JIT_RUN_ID=${run?.run}\n`);
    expect(report).toContain(`JIT_DIR=${join(repository.root, '.jit')}\n`);
    expect(report).toMatch(/^JIT_CLAIM=[0-9a-f]{32}$/m);
    expect(report).toContain('MODE=fast\n');
    const issue = JSON.parse(report.slice(report.lastIndexOf('\n{') + 1));
    expect(issue).toMatchObject({ id, title: 'Quote "it" $(touch pwned)', claim: { attempt: 1 } });
    expect(issue.claim).not.toHaveProperty('token');
    expect(existsSync(join(repository.root, 'pwned'))).toBe(false);
  });
});

test('without jit on PATH the one installed beside is used, by agents as well', async () => {
  const repository = await createRepository();
  repository.script('done', DONE);
  const id = await repository.create('One');
  repository.configure(agent('a', 'command = "./done"'));
  const PATH = `${dirname(process.execPath)}:/usr/bin:/bin`;
  expect(await repository.dispatchWith({ PATH }, 'once')).toMatchObject({ exit: 0 });
  await until('done', async () => (await repository.issue(id)).state === 'done');
});

test('a reserved issue goes to its agent only', async () => {
  const repository = await createRepository();
  const [mine, theirs] = [await repository.create('Mine'), await repository.create('Theirs')];
  await repository.jit(['issue', 'assign', mine, 'b']);
  await repository.jit(['issue', 'assign', theirs, 'ana']);
  repository.configure(
    agent('a', 'capacity = 9\ncommand = "sleep 300"') + agent('b', 'command = "sleep 300"'),
  );
  const cycle = await repository.onceByItself();
  expect(cycle.started).toMatchObject([{ issue: mine, agent: 'b' }]);
  expect(cycle.decisions.find(({ issue }) => issue === theirs)).toMatchObject({
    action: 'wait',
    reason: 'reserved',
  });
});

test('--max-issues limits a cycle; several `once` at the same time start nothing twice', async () => {
  const repository = await createRepository();
  for (const title of ['1', '2', '3', '4']) await repository.create(title);
  repository.configure(agent('a', 'capacity = 4\ncommand = "sleep 300"'));
  expect((await repository.onceByItself('--max-issues', '1')).started).toHaveLength(1);
  const cycles = await Promise.all(
    [1, 2, 3].map(() => repository.onceByItself('--lock-timeout', '100')),
  );
  expect(cycles.flatMap(({ started }) => started)).toHaveLength(3);
  const runs = await repository.runs();
  expect(new Set(runs.map(({ issue }) => issue)).size).toBe(4);
});

test('dispatchers of different names on one repository share the capacity exactly', async () => {
  const repository = await createRepository();
  for (let at = 0; at < 8; at += 1) await repository.create(`Issue ${at}`);
  repository.configure(agent('a', 'capacity = 3\ncommand = "sleep 300"'));
  const names = ['one', 'two', 'three', 'four'];
  const cycles = await Promise.all(names.map((name) => repository.onceByItself('--name', name)));
  const started = cycles.flatMap((cycle) => cycle.started);
  expect(started).toHaveLength(3);
  expect(new Set(started.map(({ issue }) => issue)).size).toBe(3);
  const held = await repository.jit<unknown[]>(['query', 'assignee', 'a']);
  expect(held).toHaveLength(3);
});

test('runs are found by the beginning of an issue id; no run of it is said', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.configure(agent('a', 'command = "sleep 300"'));
  await repository.onceByItself();
  expect(await repository.runs('--issue', id.slice(0, 4))).toMatchObject([{ issue: id }]);
  expect(await repository.dispatch('runs', '--agent', 'b', '--json')).toMatchObject({
    exit: 0,
    stdout: '[]\n',
    stderr: expect.stringContaining('no run has the agent b'),
  });
  expect(await repository.dispatch('runs', '--issue', 'null')).toMatchObject({ exit: 2 });
  const { exit, stdout } = await repository.dispatch('help', 'exit-codes');
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^ +75 {2}/m);
});

test('bad configuration names file, line and key and exits 4', async () => {
  const repository = await createRepository();
  repository.configure(agent('a', 'capacity = "two"\ncommand = "x"'));
  const { exit, stdout } = await repository.dispatch('once', '--json');
  expect(exit).toBe(4);
  expect(JSON.parse(stdout).error.message).toMatch(/dispatch\.toml:4: agents\[0\]\.capacity: /);
});
