import { expect, test } from 'vitest';
import { startServer } from '../../../test/http-server.ts';
import type { NotifyTarget } from '../../config/operating.ts';
import { deliver } from './deliver.ts';

const target = (facts: Partial<NotifyTarget>): NotifyTarget => ({
  hook: null,
  url: null,
  events: [],
  tokenEnv: null,
  timeoutSecs: 5,
  attempts: 4,
  ...facts,
});
const delivery = (environment: NodeJS.ProcessEnv = {}, abort = new AbortController()) => ({
  cwd: '/',
  environment,
  signal: abort.signal,
  firstPauseMs: 5,
});

test('a webhook that fails twice gets the notice with the third try; 429 waits as long as it asks for', async () => {
  const flaky = await startServer((_, response, count) => {
    response.statusCode = count < 3 ? 500 : 200;
    response.end('ok');
  });
  expect(await deliver(target({ url: flaky.url }), '{"event":"failed"}', delivery())).toBeNull();
  expect(flaky.got.map(({ method, body }) => [method, body])).toEqual(
    Array.from({ length: 3 }, () => ['POST', '{"event":"failed"}']),
  );
  const times: number[] = [];
  const busy = await startServer((_, response, count) => {
    times.push(performance.now());
    response.statusCode = count === 1 ? 429 : 204;
    if (count === 1) response.setHeader('retry-after', '1');
    response.end();
  });
  expect(await deliver(target({ url: busy.url }), '{}', delivery())).toBeNull();
  const [first = 0, second = 0] = times;
  expect(times).toHaveLength(2);
  // It says how long at least; timers may be early by less than this.
  expect(second - first).toBeGreaterThan(990);
  console.log(
    `webhooks: 500, 500, 200 took ${flaky.got.length} tries; 429 took ${busy.got.length}`,
  );
});

test('one that hangs, closes the connection or is not there is given up after its attempts, in words without its address', async () => {
  const hanging = await startServer(() => {});
  const closing = await startServer((_, response) => void response.socket?.destroy());
  const absent = await startServer(() => {});
  absent.close();
  const words = async (url: string) =>
    deliver(target({ url, attempts: 2, timeoutSecs: 0.2 }), '{}', delivery());
  expect(await words(hanging.url)).toBe('did not answer within 0.2 s (2 of 2 tries)');
  expect(await words(closing.url)).toMatch(/^failed: \w+ \(2 of 2 tries\)$/);
  expect(await words(absent.url)).toBe('failed: ECONNREFUSED (2 of 2 tries)');
  expect([hanging.got.length, closing.got.length, absent.got.length]).toEqual([2, 2, 0]);
});

test('an answer that will stay the same, and one that leads elsewhere, are not tried again', async () => {
  const gone = await startServer((_, response) => void response.writeHead(404).end());
  const moved = await startServer(
    (_, response) => void response.writeHead(302, { location: gone.url }).end(),
  );
  for (const [server, status] of [
    [gone, 404],
    [moved, 302],
  ] as const) {
    const problem = await deliver(target({ url: server.url }), '{}', delivery());
    expect(problem).toBe(`answered ${status} (1 of 4 tries)`);
    expect(server.got).toHaveLength(1);
  }
});

test('a token goes from its variable into the header, and nowhere else', async () => {
  const server = await startServer((_, response) => void response.writeHead(401).end());
  const facts = target({ url: server.url, tokenEnv: 'HOOK_TOKEN' });
  expect(await deliver(facts, '{}', delivery({ HOOK_TOKEN: 'hush' }))).toBe(
    'answered 401 (1 of 4 tries)',
  );
  expect(server.got[0]?.headers.authorization).toBe('Bearer hush');
  expect(await deliver(facts, '{}', delivery())).toBe(
    'variable HOOK_TOKEN is not set (1 of 4 tries)',
  );
  expect(server.got).toHaveLength(1);
});

test('a hook reads the notice, is tried again when it fails, and is killed when the dispatcher stops', async () => {
  const failing = target({ hook: ['sh', '-c', 'cat; exit 3'], attempts: 2 });
  expect(await deliver(failing, '{"event":"lost"}', delivery())).toBe(
    'ended with exit 3: {"event":"lost"} (2 of 2 tries)',
  );
  const abort = new AbortController();
  const hanging = deliver(
    target({ hook: ['sleep', '300'] }),
    '{}',
    delivery({ PATH: process.env.PATH }, abort),
  );
  abort.abort();
  expect(await hanging).toContain('given up: the dispatcher stops');
});
