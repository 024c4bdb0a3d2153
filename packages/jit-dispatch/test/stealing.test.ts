import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRepository } from './repository.ts';
import { until } from './until.ts';

const agent = (id: string) =>
  `[[agents]]\nid = "${id}"\ncommand = "./work {issue_id}"\ncompletion = "exit"\n`;

test('a reserved issue goes to an agent with room when its own had none for too long', async () => {
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nuntil [ -e "go-$1" ]; do sleep 0.05; done\n');
  repository.configure(`[order]\nsteal_after_secs = 1\n${agent('a')}${agent('b')}`);
  const busy = await repository.create('busy');
  await repository.jit(['issue', 'assign', busy, 'a']);
  expect((await repository.once()).started).toMatchObject([{ issue: busy, agent: 'a' }]);

  const id = await repository.create('queued');
  await repository.jit(['issue', 'assign', id, 'a']);
  const first = await repository.once();
  expect(first.decisions).toMatchObject([{ issue: id, reason: 'agents_full', stolen_from: null }]);
  const taken = await until('it is taken', async () => {
    const { decisions, started } = await repository.once();
    return started.length > 0 && decisions;
  });
  expect(taken).toMatchObject([{ issue: id, action: 'start', agent: 'b', stolen_from: 'a' }]);
  expect(await repository.issue(id)).toMatchObject({ state: 'in_progress', assignee: 'b' });
  for (const each of [busy, id]) writeFileSync(join(repository.root, `go-${each}`), '');
});

test.each([
  ['before it is reserved anew, the next cycle plans it again', 'created'],
  ['once it is claimed, the next cycle starts it at the same agent', 'claimed'],
])('killed %s', async (_, step) => {
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nuntil [ -e "go-$1" ]; do sleep 0.05; done\n');
  repository.configure(`[order]\nsteal_after_secs = 0.1\n${agent('a')}${agent('b')}`);
  const busy = await repository.create('busy');
  await repository.jit(['issue', 'assign', busy, 'a']);
  await repository.once();
  const id = await repository.create('queued');
  await repository.jit(['issue', 'assign', id, 'a']);
  await repository.once();
  await until('a cycle is killed while it takes it', async () => {
    const { signal } = await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: step });
    return signal === 'SIGKILL';
  });
  await until('it works at the other agent', async () => {
    await repository.once();
    return (await repository.issue(id)).state === 'in_progress';
  });
  const runs = await repository.runs('--all', '--issue', id);
  expect(runs.filter(({ started_at }) => started_at !== null)).toMatchObject([{ agent: 'b' }]);
  for (const each of [busy, id]) writeFileSync(join(repository.root, `go-${each}`), '');
});

test.each([
  ['is full by then', (toml: string) => toml],
  ['is no longer configured', () => agent('b')],
])('a run that was only planned goes to another agent where its own %s', async (_, change) => {
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nuntil [ -e "go-$1" ]; do sleep 0.05; done\n');
  const toml = agent('a') + agent('b');
  repository.configure(toml);
  const id = await repository.create('planned');
  await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: 'created' });
  expect(await repository.runs('--all')).toMatchObject([{ agent: 'a', state: 'created' }]);
  const other = await repository.create('other');
  await repository.jit(['issue', 'claim', other, 'a']);
  repository.configure(change(toml));
  await until('it works at the other agent', async () => {
    await repository.once();
    return (await repository.issue(id)).assignee === 'b';
  });
  const runs = await repository.runs('--all', '--issue', id);
  expect(runs.map(({ agent, started_at }) => [agent, started_at !== null])).toEqual([
    ['b', true],
    ['a', false],
  ]);
  writeFileSync(join(repository.root, `go-${id}`), '');
});
