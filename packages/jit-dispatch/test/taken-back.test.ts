import { expect, test } from 'vitest';
import { createRepository } from './repository.ts';
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
