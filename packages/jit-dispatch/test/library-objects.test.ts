// Agents that are objects of a program: they are run like any agent, and end with their program.
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentObject, AgentTask, DispatcherConfig } from '../src/index.ts';
import { dispatcherFor, refusalOf, runProgram } from './library.ts';
import { createRepository } from './repository.ts';
import { until } from './until.ts';

type Run = AgentObject['run'];

/** Rests, so that no dispatcher starts it before somebody says so. */
const RESTING = ['--defer-until', '2099-01-01T00:00:00Z'];

/** A repository with one issue, and a dispatcher whose only agent is this function. */
async function withObject(run: Run, keys: Record<string, unknown> = {}) {
  const repository = await createRepository();
  const issue = await repository.create('Write the parser', '-d', 'All of it.');
  const config: DispatcherConfig = {
    name: 'test',
    stop_grace_secs: 2,
    retry: { first_secs: 600, max_secs: 600 },
    agents: [{ id: 'me', ...keys, run }],
  };
  const dispatcher = dispatcherFor(repository, config);
  const settled = () =>
    until('its run is settled', async () => {
      await dispatcher.once({ maxIssues: 0 });
      return (await dispatcher.sessions()).find(({ ended_at }) => ended_at !== null);
    });
  return { repository, issue, dispatcher, settled };
}

test('it gets the issue and a prompt, prints into the log, and finishes the issue by returning', async () => {
  const tasks: AgentTask[] = [];
  const { repository, issue, dispatcher, settled } = await withObject(
    (task, { log, heartbeat }) => {
      tasks.push(task);
      heartbeat();
      log(`works on ${task.issue.title}`);
      log(`with ${task.token}`);
    },
  );
  const { run } = await dispatcher.dispatch(issue);
  expect(await settled()).toMatchObject({ run, state: 'completed', agent: 'me' });
  expect(tasks).toMatchObject([
    { issue: { id: issue, description: 'All of it.' }, run, agent: 'me', attempt: 1 },
  ]);
  expect(tasks[0]?.prompt).toContain('Write the parser');
  expect(tasks[0]).toMatchObject({ dir: repository.root, workspace: null, feedback: null });
  const { text } = await dispatcher.logs(run ?? '');
  expect(text).toContain('works on Write the parser\n');
  expect(text).not.toContain(tasks[0]?.token ?? 'no token');
  expect((await repository.issue(issue)).state).toBe('done');
});

const FAILURES: readonly (readonly [string, Run, string])[] = [
  ['throws', () => Promise.reject(new Error('out of ideas')), 'out of ideas'],
  ['says that it is not done', () => ({ done: false }), 'not done'],
];

test.each(FAILURES)('one that %s fails its run, and the log says why', async (_, run, words) => {
  const { repository, issue, dispatcher, settled } = await withObject(run);
  const started = await dispatcher.dispatch(issue);
  expect(await settled()).toMatchObject({ state: 'failed', failed: 'agent', exit_code: 1 });
  expect((await dispatcher.logs(started.run ?? '')).text).toContain(words);
  expect((await repository.issue(issue)).state).not.toBe('done');
});

test('an exit code of its error counts as that of a program', async () => {
  const { issue, dispatcher, settled } = await withObject(() => {
    throw Object.assign(new Error('not now'), { exitCode: 75 });
  });
  await dispatcher.dispatch(issue);
  expect(await settled()).toMatchObject({ failed: 'rate_limit', exit_code: 75 });
});

/** Works until it is told to stop. */
function waiting(seen: { aborted: number }): Run {
  return (_, { signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        seen.aborted += 1;
        resolve(undefined);
      });
    });
}

test('cancel aborts it, and the issue is held back', async () => {
  const seen = { aborted: 0 };
  const { repository, issue, dispatcher } = await withObject(waiting(seen));
  await dispatcher.dispatch(issue);
  expect(await dispatcher.cancel(issue)).toMatchObject({ outcome: 'canceled' });
  expect(seen.aborted).toBe(1);
  // It ended by itself: nobody had to kill its bridge.
  expect(await dispatcher.sessions()).toMatchObject([
    { state: 'canceled', exit_code: 0, signal: null },
  ]);
  expect((await repository.issue(issue)).labels).toContain('dispatch:held');
});

test('its time limit aborts it', async () => {
  const seen = { aborted: 0 };
  const { issue, dispatcher, settled } = await withObject(waiting(seen), { time_limit_secs: 0.5 });
  await dispatcher.dispatch(issue);
  expect(await settled()).toMatchObject({ state: 'timed_out' });
  expect(seen.aborted).toBe(1);
});

test('one that does not listen is cut off: its bridge is killed, and the signal comes all the same', async () => {
  const seen = { aborted: 0 };
  const { issue, dispatcher, settled } = await withObject(
    (_, { signal }) => {
      signal.addEventListener('abort', () => {
        seen.aborted += 1;
      });
      return new Promise(() => {});
    },
    { time_limit_secs: 0.5 },
  );
  await dispatcher.dispatch(issue);
  expect(await settled()).toMatchObject({ state: 'timed_out' });
  expect(seen.aborted).toBe(1);
});

test('a task is taken for a live run of the agent with its token only, by a socket of this user', async () => {
  let tasks = 0;
  const { issue, dispatcher } = await withObject((_, { signal }) => {
    tasks += 1;
    return new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  const { run } = await dispatcher.dispatch(issue);
  await until('it works', () => tasks === 1);
  const { folder } = await dispatcher.show(run ?? '');
  const spec = JSON.parse(readFileSync(join(folder, 'spec.json'), 'utf8'));
  const path: string = spec.env.JIT_BRIDGE;
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  const ask = async (task: object): Promise<unknown> => {
    const socket = connect(path);
    socket.write(`${JSON.stringify({ is: 'task', task })}\n`);
    const [chunk] = await once(socket, 'data');
    socket.destroy();
    return JSON.parse(String(chunk));
  };
  const its = { issue: { id: issue }, run, agent: 'me', token: spec.token };
  for (const wrong of [{ token: 'x' }, { run: 'other' }, { agent: 'you' }])
    expect(await ask({ ...its, ...wrong })).toMatchObject({ is: 'end', exit: 1 });
  expect(tasks).toBe(1);
  await dispatcher.cancel(issue);
});

test('when its program is killed its run fails, and the next dispatcher settles it', async () => {
  const repository = await createRepository();
  repository.configure('[[agents]]\nid = "other"\ncommand = ["true"]\n');
  const issue = await repository.create('orphaned', ...RESTING);
  const program = runProgram(
    repository,
    `const dispatcher = createDispatcher({
       name: 'test',
       retry: { first_secs: 600, max_secs: 600 },
       agents: [{ id: 'me', run: () => { console.log('at work'); return new Promise(() => {}); } }],
     });
     await dispatcher.start();
     await dispatcher.dispatch('${issue}');
     console.log('started');`,
  );
  await until('it works', () =>
    ['at work', 'started'].every((word) => program.output().includes(word)),
  );
  process.kill(program.pid, 'SIGKILL');
  await program.ended;
  const run = await until('the run is settled', async () => {
    await repository.once('--max-issues', '0');
    return (await repository.runs('--all')).find(({ ended_at }) => ended_at !== null);
  });
  expect(run).toMatchObject({ agent: 'me', state: 'failed', exit_code: 1 });
  const logs = await repository.dispatch('logs', run.run);
  expect(logs.stdout).toContain('the program that me belongs to is gone');
});

test('one is registered while its dispatcher runs, beside the agents of a file', async () => {
  const repository = await createRepository();
  repository.configure('[[agents]]\nid = "file-1"\ncommand = ["sleep", "600"]\n');
  const dispatcher = dispatcherFor(repository);
  await dispatcher.start();
  const held = await repository.create('for the file', ...RESTING);
  expect(await dispatcher.dispatch(held)).toMatchObject({ agent: 'file-1' });
  const asked = await repository.create('for the object alone', ...RESTING);
  const done: string[] = [];
  dispatcher.register({
    id: 'me',
    run: ({ issue }) => {
      done.push(issue.id);
    },
  });
  // At once: the dispatcher at work has not taken it up yet.
  expect(await dispatcher.dispatch({ issue: asked, to: 'me' })).toMatchObject({ agent: 'me' });
  const issue = await repository.create('for the object');
  await until('the object has worked on it', () => done.includes(issue));
  await until('it is done', async () => (await repository.issue(issue)).state === 'done');
  expect(() => dispatcher.register({ id: 'me', run: () => {} })).toThrow('already');
  expect(await dispatcher.stop({ now: true })).toMatchObject({ stopped: true });
});

test('an object of a class works as a method, and what it works with stays its own', async () => {
  const repository = await createRepository();
  const issue = await repository.create('for the object');
  class Reviewer implements AgentObject {
    readonly [key: string]: unknown;
    readonly id = 'me';
    readonly token = 'k3y-of-a-provider';
    readonly self = this;
    run(_: AgentTask, { log }: Parameters<Run>[1]) {
      log(`has ${this.token === 'k3y-of-a-provider'}`);
    }
  }
  const said: string[] = [];
  const warn = (message: string) => said.push(message);
  const dispatcher = dispatcherFor(
    repository,
    { name: 'test', agents: [new Reviewer()] },
    { warn },
  );
  const { run } = await dispatcher.dispatch(issue);
  await until('it is done', async () => {
    await dispatcher.once({ maxIssues: 0 });
    return (await repository.issue(issue)).state === 'done';
  });
  expect((await dispatcher.logs(run ?? '')).text).toContain('has true');
  expect(said).toEqual([]);
});

test('one that can not be written down stops no dispatcher: it is refused, or the key is told by name', async () => {
  const repository = await createRepository();
  repository.configure('[[agents]]\nid = "file-1"\ncommand = ["sleep", "600"]\n');
  const said: string[] = [];
  const dispatcher = dispatcherFor(repository, undefined, {
    log: ({ event, message }) => event === 'config' && said.push(message),
  });
  const { phase } = await dispatcher.start();
  const client: Record<string, unknown> = { secret: 'k3y' };
  client.self = client;
  dispatcher.register({ id: 'me', client, run: () => {} });
  await until('it is told', () => said.some((each) => each.includes('agents[1].client: unknown')));
  dispatcher.register({ id: 'you', tags: client as unknown as string[], run: () => {} });
  await until('it is refused', () => said.some((each) => each.includes('agents[2].tags: ')));
  expect(said.join()).not.toContain('k3y');
  expect(phase()).toBe('running');
  expect((await dispatcher.availableAgents()).map(({ agent }) => agent)).toEqual(['file-1', 'me']);
});

test('one that is registered after somebody listens is there in the next call', async () => {
  const repository = await createRepository();
  repository.configure('[[agents]]\nid = "file-1"\ncommand = ["true"]\n');
  const dispatcher = dispatcherFor(repository);
  const other = dispatcherFor(repository);
  dispatcher.on('*', () => {});
  // The listener has begun to look in the time that this takes.
  await other.status();
  dispatcher.register({ id: 'me', run: () => {} });
  expect((await dispatcher.availableAgents()).map(({ agent }) => agent)).toEqual(['file-1', 'me']);
});

test('what is wrong with a configuration that is an object is said by key, when it is used', async () => {
  const repository = await createRepository();
  const wrong = { max_concurrent: 0, agents: [{ id: 'a', command: 'true', colour: 'red' }] };
  const dispatcher = dispatcherFor(repository, wrong as unknown as DispatcherConfig);
  const refusal = await refusalOf(dispatcher.status());
  expect(refusal.code).toBe('CONFIG_INVALID');
  expect(refusal.message).toMatch(/^the configuration: max_concurrent: /);
  const bad = { id: 'a', command: 'true', run: () => {} } as unknown as AgentObject;
  const other = dispatcherFor(repository, { agents: [bad] });
  expect(await refusalOf(other.once())).toMatchObject({ code: 'INVALID_REQUEST' });
  await other.close();
  const closed = dispatcherFor(repository, { agents: [{ id: 'a', command: ['true'] }] });
  expect(await closed.activeCount()).toBe(0);
  await closed.close();
  expect((await refusalOf(closed.status())).message).toBe('this dispatcher is closed');
});
