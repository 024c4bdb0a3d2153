import { expect, test } from 'vitest';
import { startServer } from '../../../test/http-server.ts';
import type { NotifyEvent } from '../../config/notify-events.ts';
import type { NotifyTarget } from '../../config/operating.ts';
import type { LogEntry } from '../log.ts';
import type { Notice } from './notice.ts';
import { createOutbox } from './outbox.ts';

const target = (url: string, facts: Partial<NotifyTarget> = {}): NotifyTarget => ({
  hook: null,
  url,
  events: [],
  tokenEnv: null,
  timeoutSecs: 5,
  attempts: 1,
  ...facts,
});

const notice = (event: NotifyEvent, issue: string): Notice => ({
  event,
  at: '2026-11-21T12:00:00.000Z',
  dispatcher: 'd',
  repository: '',
  issue,
  title: null,
  run: null,
  agent: null,
  attempt: null,
  reason: null,
  detail: null,
});

function outboxFor(...targets: readonly NotifyTarget[]) {
  const log: LogEntry[] = [];
  const place = { cwd: '/', environment: {}, firstPauseMs: 5 };
  return {
    log,
    outbox: createOutbox(
      () => targets,
      place,
      (entry) => log.push(entry),
    ),
  };
}

test('each target gets what it asks for, in order', async () => {
  const all = await startServer((_, response) => void response.end());
  const some = await startServer((_, response) => void response.end());
  const { log, outbox } = outboxFor(target(all.url), target(some.url, { events: ['failed'] }));
  for (let at = 0; at < 10; at += 1)
    outbox.put(notice(at % 2 === 0 ? 'started' : 'failed', String(at)));
  await outbox.close(60_000);
  const issues = (server: typeof all) =>
    server.got.map(({ body }) => (JSON.parse(body) as Notice).issue);
  expect(issues(all)).toEqual(Array.from({ length: 10 }, (_, at) => String(at)));
  expect(issues(some)).toEqual(['1', '3', '5', '7', '9']);
  expect(log).toEqual([]);
});

test('for a target that takes nothing 200 notices wait; the oldest are dropped, and that is said', async () => {
  let release = () => {};
  const slow = await startServer((_, response, count) => {
    if (count > 1) response.end();
    else release = () => response.end();
  });
  const { log, outbox } = outboxFor(target(slow.url));
  outbox.put(notice('started', 'first'));
  await expect.poll(() => slow.got.length).toBe(1);
  for (let at = 0; at < 300; at += 1) outbox.put(notice('started', String(at)));
  release();
  await outbox.close(60_000);
  expect(slow.got).toHaveLength(201);
  expect((JSON.parse(slow.got[1]?.body ?? '') as Notice).issue).toBe('100');
  expect(log).toEqual([
    {
      level: 'warn',
      event: 'notify',
      message: `127.0.0.1:${slow.port} takes too little: the 100 oldest notices were dropped`,
    },
  ]);
  console.log(`301 notices for a slow webhook: ${slow.got.length} told, 100 dropped and said`);
});

test('a stop waits no longer than its grace, and says what was not told', async () => {
  const hanging = await startServer(() => {});
  const { log, outbox } = outboxFor(target(hanging.url));
  for (const issue of ['1', '2', '3']) outbox.put(notice('failed', issue));
  await expect.poll(() => hanging.got.length).toBe(1);
  await outbox.close(10);
  expect(log.map(({ message }) => message.replace(/^\S+ /, ''))).toEqual([
    expect.stringMatching(/^was not told of failed: .*given up: the dispatcher stops$/),
    'was not told of 2 more: the dispatcher stops',
  ]);
});
