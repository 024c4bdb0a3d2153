import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  DispatchEventOutput,
  DispatcherStatusOutput,
} from '@jit/contract/outputs/dispatcher-status';
import { cleanEnv, startBundle } from '@jit/testkit/processes';
import { expect, onTestFinished, test } from 'vitest';
import type { Notice } from '../src/daemon/notices/notice.ts';
import { startServer } from './http-server.ts';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const AGENT = '[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "./work"\n';

async function address({ root }: Repository): Promise<string> {
  const file = join(root, '.jit-dispatch', 'test', 'http.json');
  await until('it serves', () => existsSync(file));
  return (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url;
}

/** A watch in a process of its own, with what it has printed so far. */
function watch({ root }: Repository, ...more: readonly string[]) {
  const env = cleanEnv({
    PATH: [join(root, 'bin'), process.env.PATH].join(':'),
    JIT_TEST_ROOT: root,
  });
  const child = startBundle('jit-dispatch', ['status', '--watch', ...more], { cwd: root, env });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    text: () => text,
    events: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => DispatchEventOutput.parse(JSON.parse(line))),
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

test('a daemon is seen over HTTP, in the stream of events and by a webhook, and all tell the same', async () => {
  const hook = await startServer((_, response, count) => {
    response.statusCode = count === 1 ? 503 : 200;
    response.end();
  });
  const repository = await createRepository();
  repository.script(
    'work',
    '#!/bin/sh\necho at work; test "$(jit issue show "$JIT_ISSUE_ID" --json | grep -c Bad)" = 0\n',
  );
  repository.script('tell', '#!/bin/sh\ncat >> told.jsonl\n');
  repository.configure(
    `[http]\nport = 0\n[retry]\nattempts_per_agent = 1\nfirst_secs = 0.1\n${AGENT}` +
      `[[notify]]\nurl = "${hook.url}"\n` +
      '[[notify]]\nhook = "./tell"\nevents = ["failed", "escalated"]\n',
  );
  const stream = watch(repository, '--json');
  await until('the stream has begun', () => stream.text().includes('\n'));
  const daemon = repository.start();
  const url = await address(repository);
  const good = await repository.create('Good');
  const bad = await repository.create('Bad');
  await until('done', async () => (await repository.issue(good)).state === 'done');
  await until('escalated', () =>
    stream.events().some(({ type, issue }) => type === 'escalated' && issue === bad),
  );
  const told = () => hook.got.map(({ body }) => JSON.parse(body) as Notice);
  await until('the webhook knows it all', () => told().some(({ event }) => event === 'escalated'));
  const file = join(repository.root, 'told.jsonl');
  await until(
    'the hook, too',
    () => existsSync(file) && readFileSync(file, 'utf8').includes('escalated'),
  );

  const status = DispatcherStatusOutput.parse(await (await fetch(`${url}/status`)).json());
  expect(status).toMatchObject({
    name: 'test',
    daemon: { pid: daemon.process.pid, phase: 'running' },
    tracker: { ok: true },
    agents: [{ id: 'a', running: 0, claimed: 0, health: 'well' }],
    escalated: [{ issue: bad }],
  });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^jit_dispatch_runs_started_total\{agent="a"\} 2$/m);
  expect(metrics).toMatch(
    /^jit_dispatch_runs_ended_total\{agent="a",outcome="completed",failed=""\} 1$/m,
  );
  expect(metrics).toMatch(
    /^jit_dispatch_runs_ended_total\{agent="a",outcome="failed",failed="agent"\} 1$/m,
  );
  expect(metrics).toMatch(/^jit_dispatch_open_escalations 1$/m);
  expect(metrics).toMatch(/^process_resident_memory_bytes /m);

  const [first, ...records] = stream.events();
  expect(first).toMatchObject({ type: 'status', data: { name: 'test', daemon: null } });
  expect(records.map(({ id }) => Number(id))).toEqual(records.map((_, at) => at + 1));
  const kinds = told().map(({ event, issue }) => `${event} ${issue}`);
  expect(kinds.slice(1).sort()).toEqual(
    [
      `started ${good}`,
      `started ${bad}`,
      `completed ${good}`,
      `failed ${bad}`,
      `escalated ${bad}`,
    ].sort(),
  );
  // The first try was answered with 503: it came again.
  expect(kinds[0]).toBe(kinds[1]);
  const text = readFileSync(file, 'utf8');
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Notice).event),
  ).toEqual(['failed', 'escalated']);

  const resumed = watch(repository, '--json', '--since', String(records.at(2)?.id));
  await until('it goes on', () => resumed.events().length >= records.length - 2);
  expect(
    resumed
      .events()
      .slice(1)
      .map(({ id }) => id),
  ).toEqual(records.slice(3).map(({ id }) => id));
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
  await expect(fetch(`${url}/livez`)).rejects.toThrow();
  console.log(
    `${records.length} events in the stream, ${resumed.events().length - 1} after a break, ${hook.got.length} posts for ${new Set(kinds).size} notices`,
  );
});

test('a port that is taken is said once, dispatching goes on, and it is served when it is free', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nexit 0\n');
  repository.configure(`[http]\nport = ${port}\n${AGENT}`);
  const daemon = repository.start();
  const id = await repository.create('One');
  await until('done', async () => (await repository.issue(id)).state === 'done');
  await until('it is said', () => daemon.log().includes('EADDRINUSE'));
  await new Promise((resolve) => other.close(resolve));
  expect(await address(repository)).toBe(`http://127.0.0.1:${port}`);
  expect(daemon.log().match(/EADDRINUSE/g)).toHaveLength(1);
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
});

test('a watch into a pipe prints a new picture when something changed, and ends with an interrupt', async () => {
  const repository = await createRepository();
  repository.script('work', '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.1; done\n');
  repository.configure(AGENT);
  const pictures = watch(repository, '--interval', '0.2');
  await until('the first picture', () => pictures.text().includes('0 ready'));
  const id = await repository.create('Seen');
  await until('the second', () => pictures.text().includes('1 ready'));
  await repository.once();
  await until('the run', () => pictures.text().includes(id));
  expect(pictures.text().match(/^dispatcher /gm)?.length).toBeLessThan(10);
  expect([130, null]).toContain(await pictures.stop());
  unlinkSync(join(repository.root, 'work'));
});

test.each([
  [['status', '--interval', '2'], '--interval and --since need --watch'],
  [['status', '--watch', '--since', '3'], '--since needs --json'],
  [['status', '--watch', '--json', '--since', 'web:3'], 'is no id of an event of this dispatcher'],
])('%j is refused', async (argv, message) => {
  const repository = await createRepository();
  repository.configure(AGENT);
  const { exit, stdout, stderr } = await repository.dispatch(...argv);
  expect(exit).toBe(2);
  expect(stdout + stderr).toContain(message);
});

test.each([
  ['events = ["failled"]', "failled is no event; did you mean 'failed'?"],
  ['events = ["nothing-like-it"]', 'known are started, completed'],
])('%s in [[notify]] is refused', async (line, message) => {
  const repository = await createRepository();
  repository.configure(`${AGENT}[[notify]]\nurl = "http://127.0.0.1:1/"\n${line}\n`);
  const { exit, stderr } = await repository.dispatch('status');
  expect(exit).toBe(4);
  expect(stderr).toContain(message);
});
