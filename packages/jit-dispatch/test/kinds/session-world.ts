import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { onTestFinished } from 'vitest';
import { end } from '../run-folders.ts';
import { type KindWorld, LIMIT_SECS } from './kind-world.ts';

/** What the SDK of the tests does: a real module on disk that is driven by files beside it. */
const SDK = `
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
const folder = import.meta.dirname;
const note = (line) => appendFileSync(folder + '/calls', line + '\\n');
const take = (file) => {
  if (!existsSync(folder + '/' + file)) return null;
  const text = readFileSync(folder + '/' + file, 'utf8');
  return text;
};
const shift = (file) => {
  const left = Number(take(file) ?? 0);
  if (left > 0) writeFileSync(folder + '/' + file, String(left - 1));
  return left > 0;
};
class Session {
  constructor(id) { this.sessionId = id; this.handlers = new Set(); }
  on(handler) { this.handlers.add(handler); return () => this.handlers.delete(handler); }
  tell(event) { for (const handler of this.handlers) handler(event); }
  async send({ prompt }) {
    note('send ' + this.sessionId + ' ' + JSON.stringify(prompt));
    if (shift('fail')) { setTimeout(() => this.tell({ type: 'session.error', data: { errorType: 'query', message: 'the model is busy' } }), 5); return 'm'; }
    const always = take('always');
    if (always !== null) { setTimeout(() => this.tell(JSON.parse(always)), 5); return 'm'; }
    this.timer = setInterval(() => {
      const event = take('event');
      if (event === null) return;
      clearInterval(this.timer);
      this.tell({ type: 'assistant.message', data: { content: 'working on it' } });
      this.tell({ type: 'session.idle', agentId: 'part', data: {} });
      setTimeout(() => this.tell(JSON.parse(event)), 20);
    }, 10);
    return 'm';
  }
  async abort() { note('abort ' + this.sessionId); clearInterval(this.timer); }
  async disconnect() { note('disconnect ' + this.sessionId); clearInterval(this.timer); }
}
export const approveAll = () => ({ kind: 'approved' });
export class CopilotClient {
  constructor(options) { this.options = options; }
  async start() {
    note('start ' + this.options.workingDirectory);
    if (take('slow') !== null) await new Promise((resolve) => setTimeout(resolve, 300));
    this.runtime = spawn('sleep', ['600'], { stdio: 'ignore' });
    note('runtime ' + this.runtime.pid);
  }
  async createSession({ sessionId, onPermissionRequest, model }) {
    if (onPermissionRequest !== approveAll) throw new Error('nobody approves');
    note('create ' + sessionId + ' ' + (model ?? 'default'));
    return new Session(sessionId);
  }
  async resumeSession(sessionId) {
    note('resume ' + sessionId);
    return new Session(sessionId);
  }
  async stop() { note('stop'); this.runtime.kill('SIGKILL'); return []; }
  async forceStop() { this.runtime?.kill('SIGKILL'); }
}
`;

/** A Copilot SDK of its own, and what it was asked for. */
export interface SessionWorld extends KindWorld {
  calls(): string[];
  readonly folder: string;
}

export async function openSessionWorld(
  facts: { readonly retries?: number; readonly timeoutSecs?: number } = {},
): Promise<SessionWorld> {
  const folder = tempFolder();
  writeFileSync(join(folder, 'sdk.mjs'), SDK);
  const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const event = (type: string, data: object) => JSON.stringify({ type, data });
  const calls = () => {
    const path = join(folder, 'calls');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  };
  // What a killed envoy leaves is stopped by its keeper, and here there is none.
  onTestFinished(() => {
    for (const line of calls()) {
      const pid = Number(/^runtime (\d+)$/.exec(line)?.[1] ?? 0);
      if (pid > 0) end(pid);
    }
  });
  const error = (errorType: string, message: string) =>
    event('session.error', { errorType, message });
  return {
    folder,
    calls,
    outside: {
      kind: 'copilot-sdk',
      settings: {
        module: join(folder, 'sdk.mjs'),
        folder,
        model: 'm-1',
        timeoutSecs: facts.timeoutSecs ?? 60,
        retries: facts.retries ?? 3,
        retrySecs: 0.05,
      },
    },
    env: {},
    // A session that is tried again is another one, and the same work.
    brought: async () =>
      new Set(calls().flatMap((each) => /^create (jit-[^-\s]+)/.exec(each)?.[1] ?? [])).size,
    asked: () => calls().filter((each) => each.startsWith('send')).length,
    finish: async () => put('event', event('session.idle', {})),
    fail: async () => {
      put('always', error('query', 'the model gave up'));
      put('event', error('query', 'the model gave up'));
    },
    takeBack: null,
    isWithdrawn: async () => calls().some((each) => each.startsWith('abort')),
    troubles: {
      forbid: () => put('always', error('authentication', 'not signed in')),
      limit: () => {
        const at = new Date(Date.now() + LIMIT_SECS * 1000).toISOString();
        put('always', error('rate_limit', `you are limited, resets at ${at}`));
      },
      fail_twice: () => put('fail', '2'),
      slow: () => put('slow', ''),
    },
  };
}
