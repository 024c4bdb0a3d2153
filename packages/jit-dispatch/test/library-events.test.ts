// What programs are told while it happens, whoever makes it happen.
import { expect, test } from 'vitest';
import type { DispatcherEvent } from '../src/index.ts';
import { dispatcherFor } from './library.ts';
import { createRepository } from './repository.ts';
import { until } from './until.ts';

const AGENTS = `[[agents]]\nid = "well"\ncommand = ["true"]\ncompletion = "exit"\n`;

test('a run is told from its start to its end, of this process and of another one', async () => {
  const repository = await createRepository();
  repository.configure(AGENTS);
  const told: DispatcherEvent[] = [];
  const dispatcher = dispatcherFor(repository);
  dispatcher.on('*', (event) => told.push(event));
  const first = await repository.create('of this process');
  await dispatcher.once();
  await until('it has ended', async () => {
    await dispatcher.once();
    return (await dispatcher.activeCount()) === 0;
  });
  const about = (issue: string) => () =>
    told.filter((each) => each.issue === issue).map(({ event }) => event);
  await until('the end is told', () => about(first)().includes('completed'));
  expect(about(first)()).toEqual(['started', 'completed']);

  const second = await repository.create('of another one');
  const daemon = repository.start();
  await until('that end is told, too', () => about(second)().includes('completed'));
  expect(about(second)()).toEqual(['started', 'completed']);
  await daemon.stop();
  expect(told[0]).toEqual({
    event: 'started',
    at: expect.any(String),
    dispatcher: 'test',
    repository: '',
    issue: first,
    title: 'of this process',
    run: expect.any(String),
    agent: 'well',
    attempt: 1,
    reason: null,
    detail: null,
  });
});

test('only what was asked for is told, until it is ended; one that throws disturbs nobody', async () => {
  const repository = await createRepository();
  repository.configure(AGENTS);
  const warnings: string[] = [];
  const dispatcher = dispatcherFor(repository, undefined, {
    warn: (message) => warnings.push(message),
  });
  const told: string[] = [];
  dispatcher.on('completed', () => {
    throw new Error('a listener that fails');
  });
  const off = dispatcher.on('completed', ({ event, title }) => told.push(`${event} ${title}`));
  dispatcher.on('paused', ({ reason }) => told.push(`paused ${reason}`));
  const runs = async (title: string) => {
    const issue = await repository.create(title);
    await dispatcher.dispatch(issue);
    await until('it is settled', async () => {
      await dispatcher.once({ maxIssues: 0 });
      return (await dispatcher.activeCount()) === 0;
    });
  };
  await runs('one');
  await until('it is told', () => told.length > 0);
  off();
  await runs('two');
  await dispatcher.pause({ reason: 'lunch' });
  await until('the pause is told', () => told.length > 1);
  expect(told).toEqual(['completed one', 'paused lunch']);
  expect(warnings).toContain('events: a listener that fails');
});

test('what happened last is told before a dispatcher that is closed is gone', async () => {
  const repository = await createRepository();
  repository.configure(AGENTS);
  await repository.create('quick');
  const dispatcher = dispatcherFor(repository);
  const told: string[] = [];
  dispatcher.on('started', ({ title }) => told.push(title ?? ''));
  await dispatcher.start();
  await until('it is done', async () => (await dispatcher.stats()).completed === 1);
  await dispatcher.close();
  expect(told).toEqual(['quick']);
});

test('a running dispatcher tells its log to a listener, an entry each', async () => {
  const repository = await createRepository();
  repository.configure(AGENTS);
  const issue = await repository.create('logged');
  const log: { event: string; issue?: string }[] = [];
  const dispatcher = dispatcherFor(repository, undefined, { log: (entry) => log.push(entry) });
  await dispatcher.start();
  await until('its end is logged', () =>
    log.some((each) => each.event === 'completed' && each.issue === issue),
  );
  expect(await dispatcher.stop()).toMatchObject({ stopped: true });
});
