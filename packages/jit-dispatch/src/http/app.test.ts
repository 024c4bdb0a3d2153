import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../test/samples.ts';
import { IDLE } from '../../test/status-samples.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import type { Served } from './served.ts';
import { listen } from './server.ts';

const PULSE = {
  cycles: 1,
  failed: 0,
  beganAtMs: 1_000_000,
  endedAtMs: 1_000_100,
  lastMs: 100,
  totalMs: 100,
  isWell: true,
  ready: 3,
};

async function serve(facts: Partial<Served> = {}) {
  const folder = tempFolder();
  const ledger = openLedger(join(folder, 'ledger.db'));
  const served: Omit<Served, 'closing'> = {
    status: async () => IDLE,
    metrics: async () => ({ text: 'x 1\n', type: 'text/plain' }),
    pulse: () => PULSE,
    lastError: () => null,
    sites: () => [{ repository: '', ledger: () => ledger }],
    uptimeMs: () => 1_010_000,
    pollMs: () => 30_000,
    now: () => new Date(),
    patienceMs: 60_000,
    ...facts,
  };
  const server = await listen({ host: '127.0.0.1', port: 0 }, served, folder);
  onTestFinished(async () => {
    await server.close();
    ledger.close();
  });
  return { ...server, ledger, folder, port: Number(new URL(server.url).port) };
}

/** With any method and any Host, which fetch does not allow. */
async function ask(
  port: number,
  path: string,
  { method = 'GET', host = `localhost:${port}` } = {},
) {
  const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } });
  sent.end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const text of response) body += text;
  return { status: response.statusCode as number, headers: response.headers, body };
}

test('only GET, only to loopback names, and every refusal is an error object', async () => {
  const { port } = await serve();
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'])
    expect(await ask(port, '/livez', { host })).toMatchObject({ status: 200 });
  const refused = [
    [{ host: 'evil.example' }, '/status', 403, 'FORBIDDEN_HOST'],
    [{ host: `127.0.0.1.evil.example:${port}` }, '/status', 403, 'FORBIDDEN_HOST'],
    [{ method: 'POST' }, '/status', 405, 'METHOD_NOT_ALLOWED'],
    [{ method: 'DELETE' }, '/events', 405, 'METHOD_NOT_ALLOWED'],
    [{ method: 'OPTIONS' }, '/status', 405, 'METHOD_NOT_ALLOWED'],
    [{}, '/nothing', 404, 'NOT_FOUND'],
    [{}, '/status/../../etc/passwd', 404, 'NOT_FOUND'],
    [{}, '/events?since=x', 400, 'INVALID_EVENT_ID'],
  ] as const;
  for (const [options, path, status, code] of refused) {
    const answer = await ask(port, path, options);
    expect([answer.status, JSON.parse(answer.body).error.code], path).toEqual([status, code]);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  }
  expect(await ask(port, '/events', { host: 'localhost@evil.example' })).toMatchObject({
    status: 400,
  });
  console.log(`http: ${refused.length} requests refused, each with an error object`);
});

test('livez and readyz say why not', async () => {
  const dead = await serve({ uptimeMs: () => 1_000_000 + 300_001 });
  expect(await ask(dead.port, '/livez')).toMatchObject({ status: 503 });
  const rare = await serve({ uptimeMs: () => 1_000_000 + 300_001, pollMs: () => 3_600_000 });
  expect(await ask(rare.port, '/livez')).toMatchObject({ status: 200 });
  expect(await ask(rare.port, '/readyz')).toMatchObject({
    status: 200,
    body: '{"ok":true,"ready":3}',
  });
  const away = await serve({
    pulse: () => ({ ...PULSE, isWell: false }),
    lastError: () => 'jit did not answer',
  });
  const { status, body } = await ask(away.port, '/readyz');
  expect([status, JSON.parse(body).error.message]).toEqual([503, 'jit did not answer']);
  expect(await ask(away.port, '/livez')).toMatchObject({ status: 200 });
});

test('http.json says where it is served, and is gone afterwards', async () => {
  const server = await serve();
  const file = join(server.folder, 'http.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    url: server.url,
    host: '127.0.0.1',
    port: server.port,
    pid: process.pid,
  });
  await server.close();
  expect(existsSync(file)).toBe(false);
});

/** The messages of an event stream, as they come. */
async function* messages(
  response: Response,
): AsyncGenerator<{ id: string; event: string; data: unknown }> {
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes as Uint8Array).toString('utf8');
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      const data: unknown = JSON.parse(fields.get('data') ?? 'null');
      yield { id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data };
    }
  }
}

function add(ledger: Ledger, from: number, to: number): void {
  for (let at = from; at < to; at += 1) ledger.create([someRun({ run: `r${at}` })]);
}

test('an event stream begins with hello, and after a break goes on with the last id it saw', async () => {
  const { url, ledger } = await serve();
  add(ledger, 0, 5);
  const seen: number[] = [];
  let last = '';
  const read = async (headers: Record<string, string>, until: number) => {
    const response = await fetch(`${url}/events`, { headers });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    for await (const { id, event, data } of messages(response)) {
      if (event === 'hello') expect(data).toEqual({ id });
      else seen.push(Number((data as { id: string }).id));
      last = id;
      if (seen.length >= until) return;
      if (event === 'hello') add(ledger, 100 + until, 110 + until);
    }
  };
  await read({}, 3);
  await read({ 'last-event-id': last }, 15);
  expect(seen).toEqual(Array.from({ length: 15 }, (_, at) => at + 6));
  console.log(`event stream over two connections: ${seen.length} events, none missing, none twice`);
});

test('a reader that takes nothing is dropped, while others go on', async () => {
  const { port, url, ledger } = await serve({ patienceMs: 3_000 });
  const stuck = connect(port, '127.0.0.1');
  stuck.write(`GET /events?since=0 HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  stuck.pause();
  let isDropped = false;
  stuck.on('error', () => {});
  stuck.on('close', () => {
    isDropped = true;
  });
  const big = 'x'.repeat(250_000);
  ledger.create([someRun()]);
  for (let at = 0; at < 40; at += 1)
    ledger.record('r1', { type: 'adopted', at: new Date().toISOString(), data: { big } });
  const response = await fetch(`${url}/events?since=0`);
  let count = 0;
  for await (const { event } of messages(response)) {
    if (event === 'message') count += 1;
    if (count === 41) break;
  }
  expect(count).toBe(41);
  // It does not read the end of the stream either: a connection that is gone refuses to be written to.
  const isGone = () => {
    if (!isDropped) stuck.write('\r\n');
    return isDropped;
  };
  await expect.poll(isGone, { timeout: 30_000, interval: 100 }).toBe(true);
});
