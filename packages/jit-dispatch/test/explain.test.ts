import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DispatchExplanationOutput } from '@jit/contract/outputs/dispatch-explanation';
import { expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const AGENT = '[[agents]]\nid = "a"\ncommand = "./work {issue_id}"\ncompletion = "exit"\n';

async function prepared(toml = AGENT): Promise<Repository> {
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nuntil [ -e "go-$1" ]; do sleep 0.05; done\n');
  repository.configure(toml);
  return repository;
}

async function explain(repository: Repository, id: string): Promise<DispatchExplanationOutput> {
  const { exit, stdout, stderr } = await repository.dispatch('explain', id, '--json');
  expect(exit, stdout + stderr).toBe(0);
  return JSON.parse(stdout);
}

test('what is not ready is explained in the words of the tracker, and what is finished as that', async () => {
  const repository = await prepared();
  const [first = '', second = '', late = '', done = ''] = await Promise.all(
    ['first', 'second', 'late', 'done'].map((title) => repository.create(title)),
  );
  await repository.jit(['dep', 'add', second, first]);
  await repository.jit(['issue', 'update', late, '--defer-until', '2999-01-01T00:00:00Z']);
  await repository.jit(['issue', 'update', done, '--state', 'done']);
  const seen = [];
  for (const id of [second, late, done]) {
    const { verdict, reason, next, blocked, decision } = await explain(repository, id);
    expect(decision).toBeNull();
    expect(blocked?.summary).toMatch(/\w/);
    seen.push([verdict, reason, next.join()]);
  }
  expect(seen).toEqual([
    ['not_ready', 'open', expect.stringContaining(first)],
    ['not_ready', 'open', expect.stringContaining('2999-01-01')],
    ['finished', 'done', expect.stringContaining('jit issue reopen')],
  ]);
});

test('what nobody has is not found, and what fits several is asked back', async () => {
  const repository = await prepared();
  const ask = async (ref: string) => {
    const { exit, stdout } = await repository.dispatch('explain', ref, '--json');
    return [exit, JSON.parse(stdout).error.code];
  };
  const id = await repository.create('One');
  const issues = join(repository.root, '.jit/issues');
  const text = readFileSync(join(issues, `${id}.json`), 'utf8');
  for (const other of ['same-1', 'same-2'])
    writeFileSync(join(issues, `${other}.json`), text.replaceAll(id, other));
  expect(await ask('zzzz')).toEqual([3, 'INVALID_REQUEST']);
  expect(await ask('same')).toEqual([4, 'INVALID_REQUEST']);
  expect(await ask('--help=')).toEqual([2, expect.any(String)]);
});

test('what runs shows its run, and what would start its place and every agent', async () => {
  const repository = await prepared(
    `${AGENT}tags = ["rust"]\n[[agents]]\nid = "b"\ncommand = "true"\n`,
  );
  const running = await repository.create('running', '-l', 'lang:rust');
  await repository.once();
  const ids = [];
  for (const title of ['one', 'two']) ids.push(await repository.create(title, '-l', 'rust'));
  const daemonless = await explain(repository, ids[0] ?? '');
  expect(daemonless).toMatchObject({
    verdict: 'starts',
    reason: 'chosen',
    place: { at: 1, of: 2, starts_before: 0 },
    agents: [
      { agent: 'b', standing: 'chosen', tags: [] },
      { agent: 'a', standing: 'full', tags: ['rust'] },
    ],
    daemon: null,
    last_decided: null,
  });
  expect(await explain(repository, ids[1] ?? '')).toMatchObject({
    reason: 'agents_full',
    place: { at: 2, of: 2, starts_before: 1 },
  });
  expect(await explain(repository, running)).toMatchObject({
    verdict: 'running',
    reason: 'running',
    run: { agent: 'a', issue: running },
    history: { attempts: 1, failures: [] },
  });
  const words = await repository.dispatch('explain', ids[1] ?? '');
  expect(words.stdout).toContain('2nd of 2 ready, 1 start before it');
  expect(words.stdout).toContain('What would change that');
});

test('what a running daemon decided last is told, with since when', async () => {
  const repository = await prepared();
  const daemon = repository.start();
  const busy = await repository.create('busy');
  await until('it works', async () => (await repository.issue(busy)).state === 'in_progress');
  const id = await repository.create('waits');
  const decided = await until('the daemon has seen it', async () => {
    const { last_decided } = await explain(repository, id);
    return last_decided;
  });
  expect(decided).toMatchObject({ reason: 'agents_full', detail: 'no agent has room: a 1/1' });
  const later = await explain(repository, id);
  expect(later.daemon?.pid).toBe(daemon.process.pid);
  expect(later.last_decided?.since).toBe(decided.since);
  writeFileSync(join(repository.root, `go-${busy}`), '');
  await until('it is started', async () => (await explain(repository, id)).verdict === 'running');
  expect((await explain(repository, id)).last_decided).toBeNull();
  writeFileSync(join(repository.root, `go-${id}`), '');
});

test('an issue of one of several repositories is explained from the plan for all of them', async () => {
  const one = await createRepository();
  const two = await createRepository();
  const repositories = [one, two].map(
    ({ root }, at) =>
      `[[repositories]]\nname = "r${at + 1}"\ndir = "${root}"\nweight = ${at + 1}\n`,
  );
  one.script('work', '#!/bin/sh\nexec sleep 600\n');
  one.configure(`${repositories.join('')}${AGENT}`);
  const first = await one.create('first', '-p', 'high');
  const second = await two.create('second');
  expect(await explain(one, first)).toMatchObject({ repository: 'r1', verdict: 'starts' });
  for (const typed of [second, `r2/${second}`])
    expect(await explain(one, typed)).toMatchObject({
      repository: 'r2',
      issue: second,
      reason: 'agents_full',
      place: { at: 2, of: 2, starts_before: 1 },
    });
});
