import { toErrorObject } from '@jit/contract/errors';
import { Hono } from 'hono';
import { refuse } from './refuse.ts';
import type { Served } from './served.ts';
import { streamEvents } from './stream-events.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** The loop is called dead when it has begun no cycle for so many poll intervals, and for so long. */
const LATE_POLLS = 5;
const LATE_MS = 5 * 60_000;

/**
 * Everything that is served, for reading only. A page in a browser may send requests to this machine under
 * a name of its own (DNS rebinding): only requests to a loopback name are answered, and no page of
 * another origin is let read the answer.
 */
export function createApp(served: Served): Hono {
  const app = new Hono();
  const startedAtMs = served.uptimeMs();
  app.use(async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (!LOOPBACK.includes(host.replace(/:\d+$/, '').toLowerCase()))
      return refuse(
        c,
        403,
        'FORBIDDEN_HOST',
        `requests to ${JSON.stringify(host)} are not answered`,
      );
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      c.header('allow', 'GET, HEAD');
      return refuse(
        c,
        405,
        'METHOD_NOT_ALLOWED',
        `${c.req.method} is not possible: this is for reading`,
      );
    }
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    return undefined;
  });
  app.get('/status', async (c) => c.json(await served.status()));
  app.get('/metrics', async (c) => {
    const { text, type } = await served.metrics();
    return c.body(text, 200, { 'content-type': type });
  });
  app.get('/events', (c) => streamEvents(c, served));
  app.get('/livez', (c) => {
    const since = served.pulse().beganAtMs ?? startedAtMs;
    const ms = served.uptimeMs() - since;
    const isAlive = ms < Math.max(LATE_MS, LATE_POLLS * served.pollMs());
    const seconds = Math.round(ms / 1000);
    return isAlive
      ? c.json({ ok: true, last_cycle_began_secs_ago: seconds })
      : refuse(c, 503, 'NOT_ALIVE', `no cycle was begun for ${seconds} s`);
  });
  app.get('/readyz', (c) => {
    const { isWell, ready } = served.pulse();
    if (isWell) return c.json({ ok: true, ready });
    const why = isWell === null ? 'no cycle has ended yet' : 'the last cycle failed';
    return refuse(c, 503, 'NOT_READY', served.lastError() ?? why);
  });
  app.notFound((c) =>
    refuse(c, 404, 'NOT_FOUND', `there is no ${c.req.path}`, {
      hint: 'there are /status, /events, /metrics, /livez and /readyz',
    }),
  );
  app.onError((error, c) => c.json(toErrorObject(error), 500));
  return app;
}
