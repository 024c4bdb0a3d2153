import { expect, test } from 'vitest';
import { PULL_STEPS } from '../src/daemon/steps.ts';
import { createPullRepository } from './pull-requests.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';
import { git } from './worktrees.ts';

/** A guard against hanging: a dozen cycles of processes take a while on a busy machine. */
const LIMIT_MS = 300_000;

test.each(['github', 'gitea'] as const)(
  'a dispatcher that is killed at each step opens one pull request on %s, and says so once',
  { timeout: LIMIT_MS },
  async (kind) => {
    const repository = await createPullRepository(kind);
    const { root, remote, server } = repository;
    const ids: string[] = [];
    for (const step of PULL_STEPS) {
      const id = await repository.create(`Killed at ${step}`);
      ids.push(id);
      await repository.once();
      await until('its agent has ended', () => isQuiet(root));
      const { signal } = await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: step });
      expect([step, signal]).toEqual([step, 'SIGKILL']);
      expect(await repository.told(id)).not.toBeNull();
    }
    await repository.once();
    const heads = repository.pulls().map(({ pull }) => pull?.head);
    expect(heads.toSorted()).toEqual(ids.map((id) => `jit/${id}`).toSorted());
    for (const id of ids) {
      expect(await repository.told(id)).toMatchObject({ state: 'linked', error: null });
      expect(git(remote, 'log', '-1', '--format=%s', `jit/${id}`)).toBe(`Work for ${id}`);
      const { comments } = await repository.jit<{ comments: unknown[] }>(['issue', 'show', id]);
      expect(comments).toHaveLength(1);
    }
    expect(repository.rows().every(({ ended_at }) => ended_at !== null)).toBe(true);
    console.log(
      `${kind}: ${ids.length} kills, ${heads.length} pull requests of ${new Set(heads).size} branches, ${server.count('POST', '/pulls')} requests to open one, ${ids.length} comments`,
    );
  },
);

test('a push that a killed dispatcher left behind is stopped, and made again', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('github', { keys: 'push_timeout_secs = 600' });
  const { root } = repository;
  repository.script('.git/hooks/pre-push', `#!/bin/sh\nexec sleep 300\n`);
  const id = await repository.create('Issue');
  await repository.once();
  await until('its agent has ended', () => isQuiet(root));
  const daemon = repository.start();
  await until('it pushes', () => repository.rows()[0]?.state === 'pushing');
  const { findAllMarked } = await import('../src/keeper/identity.ts');
  const pushes = () => [...findAllMarked('JIT_PUSH_OF').values()].flat();
  await until('the hook hangs', () => pushes().length >= 2);
  await daemon.stop('SIGKILL');
  expect(pushes().length).toBeGreaterThanOrEqual(2);
  repository.script('.git/hooks/pre-push', '#!/bin/sh\nexit 0\n');
  await repository.once();
  await until('nothing of it is left', () => pushes().length === 0);
  expect(await repository.told(id)).toMatchObject({ state: 'linked' });
  expect(repository.pulls()).toHaveLength(1);
});
