import { expect, test } from 'vitest';
import { isAlive } from '../src/keeper/identity.ts';
import { createRepository } from './repository.ts';
import { readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

test('an agent whose issue a person takes back is stopped at once, and is not the one that failed', async () => {
  const repository = await createRepository();
  repository.configure(
    'poll_interval_secs = 3600\nstop_grace_secs = 1\n[[agents]]\nid = "a"\ncommand = ["sleep", "600"]\n',
  );
  const id = await repository.create('Taken back');
  const daemon = repository.start();
  const running = async () => (await repository.runs()).some(({ state }) => state === 'running');
  await until('the agent runs', running);
  await repository.jit(['issue', 'release', id, '--override-claim', '--reason', 'mine']);
  await repository.jit(['issue', 'assign', id, 'somebody']);
  const [ended] = await until('the run ended', async () => {
    const runs = await repository.runs('--all');
    return runs.every(({ state }) => state === 'canceled') ? runs : null;
  });
  expect(ended).toMatchObject({ issue: id, state: 'canceled' });
  expect(daemon.log()).toContain('the issue was taken back');
  const failed = await repository.jit<{ failed: unknown }[]>([
    'events',
    'query',
    '--issue',
    id,
    '--type',
    'claim_released',
  ]);
  expect(failed.map((event) => event.failed)).toEqual([null]);
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

test('a keeper that is frozen is killed and its agent stopped, once the issue went to another run', async () => {
  const repository = await createRepository();
  repository.configure(
    'poll_interval_secs = 1\nlease_secs = 4\nstop_grace_secs = 1\n[[agents]]\nid = "a"\ncommand = ["sleep", "600"]\n',
  );
  const id = await repository.create('Frozen');
  const daemon = repository.start();
  const folder = await until('the agent runs', () =>
    runFolders(repository.root).find((each) => readRun(each, 'agent') !== null),
  );
  const keeper = readRun(folder, 'keeper');
  const agent = readRun(folder, 'agent');
  if (keeper === null || 'abandoned' in keeper || agent === null) throw new Error('nobody runs');
  process.kill(keeper.pid, 'SIGSTOP');
  await until('another dispatcher has the issue', async () => {
    await repository.dispatch('once', '--name', 'other');
    return (await repository.issue(id)).attempt === 2;
  });
  const [ended] = await until('the first run ended', async () => {
    const runs = await repository.runs('--all');
    return runs.every(({ state }) => state === 'lost') ? runs : null;
  });
  expect(ended).toMatchObject({ issue: id, attempt: 1, state: 'lost' });
  expect([isAlive(keeper), isAlive(agent)]).toEqual([false, false]);
  expect(daemon.log()).toContain('the keeper was killed');
  expect(await repository.issue(id)).toMatchObject({ attempt: 2, assignee: 'a' });
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});
