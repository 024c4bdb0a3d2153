import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELD_LABEL } from '@jit/contract/vocabulary';
import { expect, test } from 'vitest';
import { createRepository } from '../repository.ts';
import { until } from '../until.ts';

const HUMAN =
  '[[agents]]\nid = "ana"\nkind = "human"\n[agents.human]\nnotify = "./notify"\npoll_secs = 0.1\n';

async function openHuman(...more: string[]) {
  const repository = await createRepository();
  repository.script('notify', '#!/bin/sh\ncat >> told\n');
  repository.configure(`poll_interval_secs = 1\nstop_grace_secs = 2\n${HUMAN}`);
  const issue = await repository.create('Sign the release', ...more);
  await repository.once();
  const told = join(repository.root, 'told');
  await until('she is told', () => existsSync(told) && readFileSync(told, 'utf8').endsWith('\n'));
  const settled = () =>
    until('the run is settled', async () => {
      await repository.once();
      const runs = await repository.runs('--all');
      return runs.every(({ ended_at }) => ended_at !== null) ? runs : null;
    });
  return { repository, issue, settled, told: () => JSON.parse(readFileSync(told, 'utf8')) };
}

test('a person is told, holds the issue without a lease, and finishes it without a token', async () => {
  const { repository, issue, settled, told } = await openHuman();
  expect(told()).toMatchObject({
    event: 'assigned',
    issue,
    agent: 'ana',
    title: 'Sign the release',
  });
  const claimed = await repository.jit<{ claim: object; comments: { text: string }[] }>([
    ...['issue', 'show', issue],
  ]);
  expect(claimed.claim).toMatchObject({ ttl_secs: null, expires_at: null });
  expect(claimed.comments).toHaveLength(1);
  expect(claimed.comments[0]?.text).toContain(`jit issue update ${issue} --state done`);
  await repository.jit(['issue', 'update', issue, '--state', 'done']);
  expect(await settled()).toMatchObject([{ state: 'completed', reason: 'issue_done' }]);
});

test('what a person reports done is checked by the exit gates, under a lease of the dispatcher', async () => {
  const { repository, issue, settled } = await openHuman();
  await repository.jit(['gate', 'define', 'ok', '--stage', 'done', '--command', 'true']);
  await repository.jit(['gate', 'add', issue, 'ok']);
  await repository.jit(['issue', 'update', issue, '--state', 'done'], 4);
  expect(await repository.issue(issue)).toMatchObject({ state: 'gated' });
  expect(await settled()).toMatchObject([{ state: 'completed' }]);
  expect(await repository.issue(issue)).toMatchObject({ state: 'done' });
});

test('what a person gives back is canceled and held, whoever sees it first', async () => {
  const { repository, issue, settled } = await openHuman();
  await repository.jit(['issue', 'release', issue, 'not mine']);
  expect(await settled()).toMatchObject([
    { state: 'canceled', reason: 'taken_back', failed: null },
  ]);
  await repository.once();
  expect(await repository.runs()).toEqual([]);
  expect(await repository.issue(issue)).toMatchObject({ labels: [HELD_LABEL], state: 'ready' });
});
