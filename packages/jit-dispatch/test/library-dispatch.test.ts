// What programs can ask for with requests: each of its ends, with and without a running dispatcher.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueOutput } from '@jit/contract/outputs/issue';
import { expect, test } from 'vitest';
import { dispatcherFor, type library, refusalOf } from './library.ts';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const SLEEPER = '[[agents]]\nid = "sleeper"\ncommand = ["sleep", "600"]\n';

function agents(...ids: readonly string[]): string {
  return ids
    .map((id) => `[[agents]]\nid = "${id}"\ncommand = "./work"\ncompletion = "exit"\n`)
    .join('');
}

async function withAgents(toml: string): Promise<Repository> {
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nexit 0\n');
  repository.configure(toml);
  return repository;
}

/** Rests, so that no dispatcher starts it before somebody says so. */
const RESTING = ['--defer-until', '2099-01-01T00:00:00Z'];

const metadataOf = async (repository: Repository, id: string) =>
  (await repository.jit<IssueOutput>(['issue', 'show', id])).metadata;

test('a request is resolved when the run is started, and says who has it and why', async () => {
  const repository = await withAgents(SLEEPER);
  const id = await repository.create('Parse dates');
  const dispatcher = dispatcherFor(repository);
  const done = await dispatcher.dispatch(id.slice(0, 6));
  expect(done).toMatchObject({
    issue: id,
    repository: '',
    agent: 'sleeper',
    state: 'running',
    decision: { action: 'start', reason: 'chosen' },
  });
  expect(await dispatcher.activeCount()).toBe(1);
  expect((await dispatcher.sessions({ issue: id })).map(({ run }) => run)).toEqual([done.run]);
  const end = await dispatcher.waitFor(id, { timeoutSecs: 0 });
  expect(end).toMatchObject({ outcome: 'timed_out', state: 'in_progress', run: done.run });
  const again = await refusalOf(dispatcher.dispatch(id));
  expect(again).toMatchObject({ code: 'ALREADY_DISPATCHED', retryable: false });
  expect(again.details.dispatch_code).toBe('E13306');
});

test('whether somebody else dispatches under the name or this object does, the request is the same', async () => {
  const repository = await withAgents(`${agents('a')}${SLEEPER}`);
  const first = await repository.create('first', ...RESTING);
  const second = await repository.create('second', ...RESTING);
  const dispatcher = dispatcherFor(repository);
  await dispatcher.pause();
  const other = repository.start();
  await until('it dispatches', () => other.log().includes('dispatches to'));
  const paused = await refusalOf(dispatcher.dispatch({ issue: first, waitSecs: 60 }));
  expect(paused).toMatchObject({ code: 'AGENT_UNAVAILABLE', retryable: true });
  expect(paused.details).toMatchObject({ reason: 'paused', dispatch_code: 'E13305' });
  await dispatcher.resume();
  await until('the admitted issue is started all the same', async () =>
    (await dispatcher.sessions()).some(({ issue }) => issue === first),
  );
  const theirs = await dispatcher.dispatch({ issue: second, to: 'sleeper' });
  expect(theirs).toMatchObject({ agent: 'sleeper', decision: null });
  await dispatcher.cancel(second);
  await other.stop();

  const running = await dispatcher.start();
  const third = await repository.create('third', ...RESTING);
  expect(await dispatcher.dispatch({ issue: third, to: 'a' })).toMatchObject({ agent: 'a' });
  const busy = await refusalOf(dispatcher.once());
  expect(busy.code).toBe('DISPATCHER_RUNNING');
  expect(await dispatcher.stop()).toMatchObject({ pid: process.pid, stopped: true });
  expect(await running.stopped).toMatchObject({ name: 'test', left: 0 });
});

test('a dispatcher that decides nothing in time: DISPATCH_TIMEOUT', async () => {
  const repository = await withAgents(agents('a'));
  const id = await repository.create('late', ...RESTING);
  const daemon = repository.start();
  await until('it dispatches', () => daemon.log().includes('dispatches to'));
  process.kill(daemon.process.pid ?? 0, 'SIGSTOP');
  const dispatcher = dispatcherFor(repository);
  const late = await refusalOf(dispatcher.dispatch({ issue: id, waitSecs: 1 }));
  process.kill(daemon.process.pid ?? 0, 'SIGCONT');
  expect(late).toMatchObject({ code: 'DISPATCH_TIMEOUT', retryable: true });
  expect(late.details.dispatch_code).toBe('E13304');
});

const CASES: readonly {
  code: keyof typeof library.DISPATCH_CODES;
  number: string;
  toml: string;
  wish?: object;
}[] = [
  {
    code: 'NO_SUITABLE_AGENT',
    number: 'E13301',
    toml: agents('a'),
    wish: { exclude: ['a'] },
  },
  {
    code: 'CLASSIFICATION_FAILED',
    number: 'E13302',
    toml: `[classification]\ncommand = ["false"]\n${agents('a')}`,
  },
  {
    code: 'CONTEXT_BUILD_FAILED',
    number: 'E13303',
    toml: `[workspace]\nkind = "worktree"\n${agents('a')}`,
  },
  {
    code: 'AGENT_UNAVAILABLE',
    number: 'E13305',
    toml: '[[agents]]\nid = "gone"\ncommand = "/nowhere/agent"\n',
  },
];

test.each(CASES)(
  'what is not started is refused with $code, and its number $number',
  async (given) => {
    const repository = await withAgents(given.toml);
    const issue = await repository.create('Fix it');
    const dispatcher = dispatcherFor(repository);
    const refusal = await refusalOf(dispatcher.dispatch({ issue, ...given.wish }));
    expect(refusal).toMatchObject({ code: given.code, retryable: true });
    expect(refusal.details.dispatch_code).toBe(given.number);
    expect(refusal.hint).toContain(`jit-dispatch explain ${issue}`);
  },
);

const NONSENSE: readonly (readonly [unknown, string])[] = [
  [{ to: 'claud' }, 'no agent is called "claud"'],
  [{ prefer: 'nobody' }, 'no agent is called "nobody"'],
  [{ exclude: ['claude', 'nobody'] }, 'no agent is called "nobody"'],
  [{ to: 'claude', exclude: ['claude'] }, 'claude is asked for and excluded'],
  [{ agent: 'claude' }, 'agent'],
  [{ class: 'cat' }, 'class'],
  [{ tokenBudget: -1 }, 'tokenBudget'],
  [{ priority: 'urgent' }, 'priority'],
  [{ at: 'tomorrow' }, 'at'],
  [{ taskType: 'a\nb' }, 'taskType'],
];

test('a request that makes no sense is refused before anything is changed', async () => {
  const repository = await withAgents(agents('claude', 'codex'));
  const issue = await repository.create('untouched', '--label', 'dispatch:held');
  const before = readFileSync(join(repository.root, '.jit/issues', `${issue}.json`), 'utf8');
  const dispatcher = dispatcherFor(repository);
  for (const [wish, word] of NONSENSE) {
    const refusal = await refusalOf(dispatcher.dispatch({ issue, ...(wish as object) }));
    expect(refusal, JSON.stringify(wish)).toMatchObject({
      code: 'INVALID_REQUEST',
      retryable: false,
      message: expect.stringContaining(word),
    });
  }
  const near = await refusalOf(dispatcher.dispatch({ issue, to: 'claud' }));
  expect(near.hint).toContain("did you mean 'claude'?");
  const after = readFileSync(join(repository.root, '.jit/issues', `${issue}.json`), 'utf8');
  expect(after).toBe(before);
  expect(await dispatcher.sessions()).toEqual([]);
});

test('wishes are written into the issue; one that is not repeated stays, an empty one ends it', async () => {
  const repository = await withAgents(agents('a', 'b'));
  const issue = await repository.create('wished');
  const dispatcher = dispatcherFor(repository);
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const done = await dispatcher.dispatch({
    ...{ issue, at, prefer: 'b', exclude: ['a'], class: 'ai', taskType: 'docs' },
    ...{ tokenBudget: 9000, maxAttempts: 2, to: 'b', priority: 'high' },
  });
  expect(done).toEqual({
    ...{ issue, repository: '', run: null, agent: null, state: 'deferred', at, decision: null },
  });
  const wishes = {
    'dispatch.to': 'b',
    'dispatch.prefer': 'b',
    'dispatch.exclude': 'a',
    'dispatch.class': 'ai',
    'dispatch.task_type': 'docs',
    'dispatch.token_budget': '9000',
    'dispatch.max_attempts': '2',
  };
  expect(await metadataOf(repository, issue)).toEqual(wishes);
  const written = { assignee: 'b', state: 'open', priority: 'high' };
  expect(await repository.issue(issue)).toMatchObject(written);

  const plain = await repository.dispatch('dispatch', issue, '--at', at, '--json');
  expect(JSON.parse(plain.stdout)).toMatchObject({ outcomes: [{ issue, state: 'deferred', at }] });
  expect(await metadataOf(repository, issue)).toEqual(wishes);

  const ended = [
    '--to',
    '',
    '--prefer',
    '',
    '--exclude',
    '',
    '--class',
    'none',
    '--token-budget',
    '0',
  ];
  const none = await repository.dispatch('dispatch', issue, '--at', at, ...ended);
  expect(none.stdout).toBe(`${issue}: rests until ${at}\n`);
  expect(await metadataOf(repository, issue)).toEqual({
    ...wishes,
    ...{ 'dispatch.to': '', 'dispatch.prefer': '', 'dispatch.exclude': '' },
    ...{ 'dispatch.class': '', 'dispatch.token_budget': '' },
  });
});

test('a batch is one write and one cycle; what is refused stops none of the others', async () => {
  const repository = await withAgents(agents('a').replace('"exit"', '"exit"\ncapacity = 9'));
  const calls = join(repository.root, 'calls');
  const shim = readFileSync(join(repository.root, 'bin/jit'), 'utf8');
  repository.script('bin/jit', shim.replace('exec', `echo "$@" >> ${calls}\nexec`));
  const ids = await Promise.all(['one', 'two', 'three'].map((each) => repository.create(each)));
  const finished = await repository.create('finished');
  await repository.jit(['issue', 'update', finished, '--state', 'done']);
  writeFileSync(calls, '');
  const dispatcher = dispatcherFor(repository);
  const requests = [...ids, finished, 'nowhere', { issue: ids[0] ?? '', to: 'a' }];
  const { successful, failed, total } = await dispatcher.dispatchBatch(requests);
  expect(total).toBe(6);
  expect(successful.map(({ issue }) => issue)).toEqual(ids);
  expect(failed.map(({ request, error }) => [request, error.code, error.message])).toEqual([
    [finished, 'INVALID_REQUEST', expect.stringContaining('is done')],
    ['nowhere', 'INVALID_REQUEST', expect.stringContaining('nowhere')],
    [requests.at(-1), 'INVALID_REQUEST', expect.stringContaining('is asked for twice')],
  ]);
  const seen = readFileSync(calls, 'utf8').split('\n');
  expect(seen.filter((line) => line.startsWith('batch --atomic'))).toHaveLength(1);
  expect(seen.filter((line) => line.startsWith('query ready'))).toHaveLength(1);
  console.log(`batch of 6: ${seen.length - 1} calls of jit`);
});
