import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const running = new Set<ChildProcess>();
let folder: string;
let main: string;

beforeAll(async () => {
  // Inside the package, so that its libraries are found.
  folder = await mkdtemp(here('../node_modules/.toy-'));
  main = join(folder, 'toy-main.mjs');
  await build({
    entryPoints: [here('toy-main.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    external: ['yargs', 'yargs-parser', 'cliui', 'string-width', 'fastest-levenshtein'],
    logLevel: 'error',
  });
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  expect(running.size).toBe(0);
});

interface StartOptions {
  readonly env?: Record<string, string>;
  readonly stdout?: number;
}

function start(args: readonly string[], { env = {}, stdout }: StartOptions = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr }));
  return { child, ended };
}

async function finish(args: readonly string[], options?: StartOptions) {
  const { child, ended } = start(args, options);
  let stdout = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  return { ...(await ended), stdout };
}

describe('a pipe', () => {
  test('that is read slowly gets all of 2 MB', async () => {
    const { child, ended } = start(['big', '--lines', '20000', '--json']);
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout ?? []) {
      chunks.push(chunk);
      await sleep(5);
    }
    const lines = JSON.parse(Buffer.concat(chunks).toString());
    expect([lines.length, lines.at(-1)]).toEqual([20_000, '19999'.padStart(99, '.')]);
    expect(await ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test.each([
    ['a large answer', ['big', '--lines', '200000']],
    ['an endless stream', ['feed', '--count', '100000000', '--json']],
  ])('whose reader goes away ends %s quietly', async (_, args) => {
    const { child, ended } = start(args);
    await once(child.stdout ?? child, 'data');
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('closed before a failure keeps its exit code', async () => {
    const { child, ended } = start(['fail', 'conflict', '--json']);
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 6 });
  });

  test('gets no escapes, whatever the program prints', async () => {
    for (const args of [['note', 'list'], ['--help'], ['note', 'add', 'x'], ['nonsense']]) {
      const { stdout, stderr } = await finish(args, { env: { CI: '1' } });
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });
});

test.runIf(process.platform === 'linux')('a full disk is exit 10, not 0', async () => {
  const stdout = openSync('/dev/full', 'w');
  const { code, stderr } = await finish(['note', 'list'], { stdout });
  expect([code, stderr]).toEqual([10, 'error: cannot write to stdout: ENOSPC\n']);
});

test('JIT_FORCE_TTY pretends a terminal of that width', async () => {
  const { stdout } = await finish(['note', 'list'], {
    env: { JIT_FORCE_TTY: '20', NO_COLOR: '1' },
  });
  expect(stdout).toBe('ID    TITLE\n007   Buy milk\n1e10  牛乳を買う, t…\n');
});

test('text comes from stdin byte for byte', async () => {
  const { child, ended } = start(['note', 'add', 'x', '--body-file', '-', '--json']);
  const text = '`a` $(b) <c> !d\r\n'.repeat(70_000);
  const output: Buffer[] = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stdin?.end(text);
  expect((await ended).code).toBe(0);
  expect(JSON.parse(Buffer.concat(output).toString()).body === text).toBe(true);
});

test('an open stdin is neither read nor waited for', async () => {
  expect(await finish(['note', 'list'])).toMatchObject({ code: 0, stderr: '' });
});

test('only the parser is loaded for an ordinary command', async () => {
  const trace = { NODE_DEBUG: 'esm' };
  const { stderr } = await finish(['note', 'add', 'x', '--json'], { env: trace });
  const loaded = (name: string) => stderr.includes(`/${name}/`);
  expect(['yargs-parser', 'yargs', 'cliui', 'fastest-levenshtein'].filter(loaded)).toEqual([
    'yargs-parser',
  ]);
});

describe('an interrupt', () => {
  async function startedBy(args: readonly string[]) {
    const { child, ended } = start(args);
    let stdout = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    if (child.stdout !== null) await once(child.stdout, 'data');
    return { child, ended: ended.then((end) => ({ ...end, stdout })) };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s ends a command at once, says so and counts as 130',
    async (signal) => {
      const { child, ended } = await startedBy(['wait']);
      const since = performance.now();
      child.kill(signal);
      expect(await ended).toEqual({
        code: null,
        signal: 'SIGINT',
        stdout: 'signals: 0\n',
        stderr: 'error: interrupted\n',
      });
      expect(performance.now() - since).toBeLessThan(900);
    },
  );

  test('ends a command that waits for stdin with exit code 130', async () => {
    const { child, ended } = await startedBy(['echo', '--json']);
    child.kill('SIGINT');
    const { code, signal, stdout, stderr } = await ended;
    expect([code, signal, stderr]).toEqual([130, null, '']);
    expect(JSON.parse(stdout.split('\n')[1] ?? '').error.code).toBe('INTERRUPTED');
  });

  test('is left to a context that handles it', async () => {
    const { child, ended } = await startedBy(['wait', '--graceful']);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stdout: 'signals: 0\nsignals: 1\n', stderr: '' });
  });

  test('ends a context that handles it badly when it comes for the third time', async () => {
    const { child, ended } = await startedBy(['wait', '--stubborn']);
    for (let times = 1; times <= 3; times += 1) {
      child.kill('SIGINT');
      // Signals of one kind that wait to be delivered are merged into one.
      await sleep(100);
    }
    expect(await ended).toMatchObject({ code: null, signal: 'SIGINT' });
  });
});
