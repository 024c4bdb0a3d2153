import type { OrderOutput } from '@jit/contract/outputs/control';
import type { ErrorOutput } from '@jit/contract/outputs/error';
import { HELD_LABEL } from '@jit/contract/vocabulary';
import { expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const agent = (id: string, rest: string) => `[[agents]]\nid = "${id}"\n${rest}\n`;
const QUIET = 'poll_interval_secs = 3600\nstop_grace_secs = 1\n';

async function order(repository: Repository, ...argv: string[]) {
  const done = await repository.dispatch(...argv, '--json');
  const text = done.exit === 0 || done.stdout !== '' ? done.stdout : done.stderr;
  return { exit: done.exit, ...(JSON.parse(text) as Partial<OrderOutput & ErrorOutput>) };
}

const running = (repository: Repository, count = 1) =>
  until('the agents run', async () => {
    const runs = await repository.runs();
    return runs.filter(({ state }) => state === 'running').length === count ? runs : null;
  });

test('cancel of a running issue: its run is canceled, nobody failed, and the issue is held', async () => {
  const repository = await createRepository();
  repository.configure(`${QUIET}${agent('a', 'command = ["sleep", "600"]')}`);
  const id = await repository.create('One');
  const daemon = repository.start();
  const [run] = await running(repository);
  expect(await order(repository, 'cancel', id, '--reason', 'wrong')).toMatchObject({
    exit: 0,
    kind: 'cancel',
    run: run?.run,
    changed: true,
    outcome: 'canceled',
  });
  const [ended] = await repository.runs('--all');
  expect(ended).toMatchObject({ state: 'canceled', reason: 'canceled', failed: null });
  expect(ended?.detail).toContain('wrong');
  expect(await repository.issue(id)).toMatchObject({ labels: [HELD_LABEL] });
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});
