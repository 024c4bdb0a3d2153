import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DispatchStatsOutput,
  HoldsOutput,
  IssueHistoryOutput,
  RunDetailsOutput,
} from '@jit/contract/outputs/control';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import { expect, test } from 'vitest';
import { openLedger } from '../src/ledger/ledger.ts';
import { createRepository, type Repository } from './repository.ts';
import { someRun } from './samples.ts';
import { until } from './until.ts';

const agent = (id: string, rest: string) => `[[agents]]\nid = "${id}"\n${rest}\n`;
const WAIT = '#!/bin/sh\necho at work\nwhile [ ! -e go ]; do sleep 0.1; done\n';

async function ask<T>(repository: Repository, exit: number, ...argv: string[]): Promise<T> {
  const done = await repository.dispatch(...argv, '--json');
  expect(done.exit, `${argv.join(' ')}: ${done.stderr}`).toBe(exit);
  return JSON.parse(done.stdout === '' ? done.stderr : done.stdout) as T;
}

test('a pause stands in the ledger until it is resumed or over, whatever is started anew', async () => {
  const repository = await createRepository();
  repository.configure(agent('a', 'command = "true"') + agent('b', 'command = "true"'));
  const scopes = async (...argv: string[]) => {
    const { changed, holds } = await ask<HoldsOutput>(repository, 0, ...argv);
    return [changed, ...holds.map(({ scope }) => scope)];
  };
  expect(await scopes('pause', '--reason', 'release')).toEqual([true, '*']);
  expect(await scopes('pause', '--reason', 'release')).toEqual([false, '*']);
  expect(await scopes('pause', '--agent', 'b', '--for', '3600')).toEqual([true, '*', 'agent:b']);
  const id = await repository.create('One');
  for (const _ of ['started', 'restarted']) {
    const daemon = repository.start('--log-format', 'json');
    await until('a cycle passes it over', () => daemon.log().includes('"reason":"paused"'));
    expect(await daemon.stop()).toMatchObject({ exit: 0 });
    expect(await repository.runs('--all')).toEqual([]);
  }
  const ledger = openLedger(join(repository.root, '.jit-dispatch/test/ledger.db'));
  const holds = ledger.holds(new Date().toISOString());
  const later = ledger.holds(new Date(Date.now() + 2 * 3_600_000).toISOString());
  ledger.close();
  expect(holds).toMatchObject([
    { scope: '*', reason: 'release', until: null },
    { scope: 'agent:b', until: expect.any(String) },
  ]);
  expect(later).toMatchObject([{ scope: '*' }]);
  expect(await scopes('resume')).toEqual([true, 'agent:b']);
  expect(await scopes('resume')).toEqual([false, 'agent:b']);
  expect((await repository.once()).started).toMatchObject([{ issue: id, agent: 'a' }]);
  expect(await scopes('resume', '--all')).toEqual([true]);

  await ask(repository, 4, 'pause', '--agent', 'c');
  await ask(repository, 2, 'pause', '--repository', 'c');
  await ask(repository, 2, 'pause', '--until', 'soon');
  await ask(repository, 2, 'pause', '--until', '2020-01-01T00:00:00Z');
  await ask(repository, 2, 'pause', '--agent', 'a', '--repository', 'x');
});

test('a running dispatcher starts what waited as soon as a pause ends, not at its next poll', async () => {
  const repository = await createRepository();
  repository.configure(
    `poll_interval_secs = 3600\n${agent('a', 'command = "true"\ncompletion = "exit"')}`,
  );
  const id = await repository.create('One');
  await ask<HoldsOutput>(repository, 0, 'pause');
  const daemon = repository.start('--log-format', 'json');
  await until('a cycle passes it over', () => daemon.log().includes('"reason":"paused"'));
  await ask<HoldsOutput>(repository, 0, 'resume');
  await until('it is done', async () => (await repository.issue(id)).state === 'done');
  // One that ends by itself.
  await ask<HoldsOutput>(repository, 0, 'pause');
  const other = await repository.create('Other');
  await until('a cycle passes it over', async () => {
    const { waiting } = await ask<DispatcherStatusOutput>(repository, 0, 'status');
    return waiting.some(({ issue, reason }) => issue === other && reason === 'paused');
  });
  await ask<HoldsOutput>(repository, 0, 'pause', '--for', '1');
  await until('it is done, too', async () => (await repository.issue(other)).state === 'done');
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

test('drain and stop wait for what runs, and say when it took too long; what happened can be read', async () => {
  const repository = await createRepository();
  repository.script('wait', WAIT);
  repository.configure(agent('a', 'completion = "exit"\ncommand = "./wait"'));
  const id = await repository.create('One');
  expect(await ask(repository, 3, 'stop')).toMatchObject({ error: { code: 'NOT_RUNNING' } });
  const daemon = repository.start();
  const [run] = await until('the agent runs', async () => {
    const runs = await repository.runs();
    return runs.some(({ state }) => state === 'running') ? runs : null;
  });
  const drained = { drained: false, holds: [{ scope: '*' }], runs: [{ issue: id }] };
  expect(await ask(repository, 75, 'drain', '--timeout', '0')).toMatchObject(drained);
  for (const _ of ['once', 'twice'])
    expect(await ask(repository, 75, 'stop', '--timeout', '0.1')).toMatchObject({
      stopped: false,
      pid: daemon.process.pid,
    });
  expect(daemon.log()).not.toContain('stopping');
  writeFileSync(join(repository.root, 'go'), '');
  const drain = ask(repository, 0, 'drain');
  expect(await drain).toMatchObject({ drained: true, runs: [] });
  await daemon.ended;

  const details = await ask<RunDetailsOutput>(repository, 0, 'show', run?.run.slice(0, 12) ?? '');
  expect(details).toMatchObject({ run: { state: 'completed' }, output_end: 'at work' });
  expect(details.time_line.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['created', 'dispatched', 'running', 'settling', 'completed']),
  );
  const history = await ask<IssueHistoryOutput>(repository, 0, 'history', id);
  expect(history.counts).toMatchObject({ runs: 1, claims: 1, failures: 0 });
  expect(history.entries.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['issue_created', 'claimed', 'run', 'completed']),
  );
  expect(await ask<DispatchStatsOutput>(repository, 0, 'stats', '--days', '1')).toMatchObject({
    total: 1,
    completed: 1,
    agents: [{ agent: 'a', total: 1 }],
    by_class: { human: { total: 0 }, unknown: { total: 1, completed: 1, failed: 0 } },
    dispatch_ms: { p99: expect.any(Number) },
  });
  await ask(repository, 3, 'show', 'nothing1');
  await ask(repository, 3, 'history', 'nothing1');
  await ask(repository, 2, 'stats', '--since', 'yesterday');
  for (const argv of [['show', run?.run ?? ''], ['history', id], ['stats'], ['resume']]) {
    const { exit, stdout } = await repository.dispatch(...argv);
    expect(exit, argv.join(' ')).toBe(0);
    expect(stdout).not.toBe('');
  }
});

test('stats say in words how long a start took, and of which class the work was', async () => {
  const repository = await createRepository();
  repository.configure(agent('a', 'command = "true"'));
  const folder = join(repository.root, '.jit-dispatch/test');
  mkdirSync(folder, { recursive: true });
  const times = {
    created_at: '2026-11-20T10:00:00.000Z',
    started_at: '2026-11-20T10:00:00.120Z',
    ended_at: '2026-11-20T10:00:02.120Z',
  };
  const ledger = openLedger(join(folder, 'ledger.db'));
  ledger.create([someRun({ ...times, run: 'r1', state: 'completed', class: 'ai' })]);
  const words = async () => (await repository.dispatch('stats')).stdout.split('\n');
  expect(await words()).toEqual(
    expect.arrayContaining([
      'run time mean 2s, p50 2s, p95 2s, p99 2s',
      'dispatch time mean 120ms, p50 120ms, p95 120ms, p99 120ms',
      'by class ai 1 (1 completed, 0 failed)',
    ]),
  );
  ledger.create([someRun({ ...times, run: 'r2', state: 'failed', failed: 'agent' })]);
  ledger.close();
  expect(await words()).toContain(
    'by class ai 1 (1 completed, 0 failed), unknown 1 (0 completed, 1 failed)',
  );
});

test('stop --now stops the agents too, which is no failure of theirs', async () => {
  const repository = await createRepository();
  repository.configure(`stop_grace_secs = 1\n${agent('a', 'command = ["sleep", "600"]')}`);
  await repository.create('One');
  const daemon = repository.start();
  await until('the agent runs', async () =>
    (await repository.runs()).some(({ state }) => state === 'running'),
  );
  expect(await ask(repository, 0, 'stop', '--now')).toMatchObject({ stopped: true, now: true });
  await daemon.ended;
  expect(await repository.runs('--all')).toMatchObject([{ state: 'canceled', failed: null }]);
});
