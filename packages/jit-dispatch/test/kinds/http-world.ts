import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HttpSettings } from '../../src/config/agent-kinds.ts';
import { type KindWorld, LIMIT_SECS } from './kind-world.ts';

/** An agent behind an address, as the tests drive it. */
export interface HttpWorld extends KindWorld {
  /** The bodies of all posts, in their order. */
  readonly posts: Record<string, unknown>[];
  readonly headers: Record<string, unknown>[];
  /** What the next posts are answered instead; null: as usual. */
  answerWith(
    answer: { status: number; body: string; headers?: Record<string, string> } | null,
  ): void;
  /** Reports at the callback that the last post named. */
  report(body: object, token?: string): Promise<number>;
}

const TOKEN = 'token-of-http-agent';
type Next = 'fail' | 'lose' | 'half' | 'slow';

/** A real server that takes work under its key once, however often it is posted. */
export async function openHttpWorld(way: 'callback' | 'poll'): Promise<HttpWorld> {
  const posts: Record<string, unknown>[] = [];
  const headers: Record<string, unknown>[] = [];
  const works = new Map<string, { status: string; detail: string }>();
  let next: Next[] = [];
  let always: { status: number; body: string; headers?: Record<string, string> } | null = null;
  let asked = 0;
  let isCanceled = false;

  const server = createServer((request, response) => {
    void (async () => {
      asked += 1;
      let text = '';
      for await (const part of request.setEncoding('utf8')) text += part;
      const send = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      if (always !== null) {
        response.writeHead(always.status, always.headers);
        response.end(always.body);
        return;
      }
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { error: 'who?' });
      const trouble = next.shift();
      if (trouble === 'fail') return send(503, { error: 'busy' });
      const key = String(request.headers['idempotency-key']);
      if (request.method === 'POST') {
        const body = JSON.parse(text) as Record<string, unknown>;
        posts.push(body);
        headers.push(request.headers);
        if (!works.has(key)) works.set(key, { status: 'running', detail: '' });
      }
      if (request.method === 'DELETE') isCanceled = true;
      if (trouble === 'lose') return void response.socket?.destroy();
      if (trouble === 'half') {
        response.writeHead(202, { 'content-length': '100' });
        response.write('{"status": "que', () => response.socket?.destroy());
        return;
      }
      if (trouble === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
      const id = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
      if (request.method === 'GET') {
        const work = works.get(id);
        return work === undefined ? send(404, { error: 'unknown' }) : send(200, work);
      }
      send(request.method === 'POST' ? 202 : 200, { id: key });
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings: HttpSettings = {
    url: `${base}/work`,
    token: { env: 'AGENT_TOKEN' },
    accept: [200, 201, 202],
    callback: way === 'callback',
    pollUrl: way === 'poll' ? `${base}/work/{run_id}` : null,
    cancelUrl: `${base}/work/{run_id}`,
    pollSecs: 0.05,
    timeoutSecs: 5,
  };
  const report = async (body: object, token?: string): Promise<number> => {
    const callback = posts.at(-1)?.callback as { url: string; token: string };
    const response = await fetch(callback.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token ?? callback.token}` },
      body: JSON.stringify(body),
    });
    await response.text();
    return response.status;
  };
  const say = async (status: string) => {
    for (const work of works.values()) Object.assign(work, { status, detail: 'words of it' });
    if (way === 'callback')
      // A process that is stopped answers later.
      void report({ status, detail: 'words of it' }).catch(() => {});
  };
  return {
    outside: { kind: 'http', settings },
    env: { AGENT_TOKEN: TOKEN },
    posts,
    headers,
    answerWith(answer) {
      always = answer;
    },
    report,
    brought: async () => works.size,
    asked: () => asked,
    finish: () => say('done'),
    fail: () => say('failed'),
    takeBack: () => say('canceled'),
    isWithdrawn: async () => isCanceled,
    troubles: {
      refuse: () => {
        always = { status: 200, body: '{"error": "no capacity"}' };
      },
      forbid: () => {
        always = { status: 403, body: 'no rights' };
      },
      limit: () => {
        always = { status: 429, body: 'slow down', headers: { 'retry-after': `${LIMIT_SECS}` } };
      },
      fail_twice: () => {
        next = ['fail', 'fail'];
      },
      lose_answer: () => {
        next = ['lose'];
      },
      half_answer: () => {
        next = ['half'];
      },
      slow: () => {
        next = ['slow'];
      },
    },
  };
}
