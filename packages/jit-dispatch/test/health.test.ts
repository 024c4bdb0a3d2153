import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocket, type Server } from 'node:net';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import type { HealthCheck } from '../src/config/operating.ts';
import { findMarked } from '../src/keeper/identity.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import { askHealth } from '../src/runners/ask-health.ts';
import { createRepository } from './repository.ts';
import { until } from './until.ts';

const check = (facts: Partial<HealthCheck>): HealthCheck => ({
  argv: null,
  url: null,
  intervalSecs: 60,
  timeoutSecs: 60,
  ...facts,
});

async function listen(server: Server): Promise<string> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}

test('a command is well that ends with 0; nonsense, a flood and a hang are not, in one line without secrets', async () => {
  const cwd = tempFolder();
  const marker = `health-${process.pid}-${Math.random()}`;
  const environment = { PATH: process.env.PATH, API_KEY: 'sk-12345678', HEALTH_TEST: marker };
  const ask = (script: string, timeoutSecs = 60) =>
    askHealth(check({ argv: ['sh', '-c', script], timeoutSecs }), { cwd, environment }).answer;
  const answers = {
    well: await ask('echo fine'),
    ill: await ask('echo no quota; exit 3'),
    nonsense: await ask(String.raw`printf '\033[2J\001 %s\n\n here' "$API_KEY"; exit 1`),
    flood: await ask('yes'),
    hang: await ask('sleep 300 & sleep 300', 0.3),
    missing: await askHealth(check({ argv: ['no-such-program'] }), { cwd, environment }).answer,
  };
  expect(answers).toEqual({
    well: { isWell: true, detail: 'exit 0' },
    ill: { isWell: false, detail: 'ended with exit 3: no quota' },
    nonsense: { isWell: false, detail: 'ended with exit 1: [2J [redacted] here' },
    flood: { isWell: false, detail: 'printed more than 65536 bytes and was killed' },
    hang: { isWell: false, detail: 'did not end within 0.3 s and was killed' },
    missing: { isWell: false, detail: 'spawn no-such-program ENOENT' },
  });
  await until('nothing of them is left', () => findMarked('HEALTH_TEST', marker).length === 0);
});

test('an address is well that answers 2xx; elsewhere, nonsense, silence and nobody are not', async () => {
  const place = { cwd: '/', environment: {} };
  const ask = (url: string, timeoutSecs = 60) =>
    askHealth(check({ url, timeoutSecs }), place).answer;
  const http = await listen(
    createServer(({ url }, response) => {
      response.writeHead(Number(url?.slice(1)), { location: '/200' }).end('x'.repeat(1000));
    }),
  );
  const noise = await listen(createSocket((socket) => void socket.end('\u0001 nonsense\r\n\r\n')));
  const silent = await listen(createSocket((socket) => void socket.on('error', () => {}).unref()));
  expect(await ask(`${http}204`)).toEqual({ isWell: true, detail: 'answered 204' });
  expect(await ask(`${http}503`)).toEqual({ isWell: false, detail: 'answered 503' });
  expect(await ask(`${http}302`)).toEqual({ isWell: false, detail: 'answered 302' });
  expect(await ask(noise)).toMatchObject({ isWell: false });
  expect(await ask(silent, 0.3)).toEqual({ isWell: false, detail: 'did not answer within 0.3 s' });
  expect(await ask('http://127.0.0.1:1/')).toMatchObject({
    isWell: false,
    detail: expect.stringMatching(/^could not be asked: /),
  });
});

test('a daemon checks beside its loop, keeps what was said and says a change once', async () => {
  const repository = await createRepository();
  writeFileSync(join(repository.root, 'well'), '');
  const health = 'health = { command = ["test", "-e", "well"], interval_secs = 1 }\n';
  const other = 'health = { command = "sleep 300", interval_secs = 1, timeout_secs = 0.5 }\n';
  repository.configure(
    `[[agents]]\nid = "a"\ncommand = "true"\n${health}[[agents]]\nid = "b"\ncommand = "true"\n${other}`,
  );
  const daemon = repository.start();
  const rows = () => {
    const ledger = openLedger(join(repository.root, '.jit-dispatch/test/ledger.db'));
    const checks = ledger.healthChecks();
    ledger.close();
    return checks;
  };
  const file = join(repository.root, '.jit-dispatch/test/ledger.db');
  const isWell = (agent: string, value: number) => () =>
    existsSync(file) && rows().some((row) => row.agent === agent && row.is_well === value);
  await until('a is well', isWell('a', 1));
  await until('b is not', isWell('b', 0));
  rmSync(join(repository.root, 'well'));
  await until('a is not', isWell('a', 0));
  const since = rows().find(({ agent }) => agent === 'a')?.since;
  await until('it was checked again', () => {
    const row = rows().find(({ agent }) => agent === 'a');
    return row !== undefined && row.at !== row.since && row.since === since;
  });
  writeFileSync(join(repository.root, 'well'), '');
  await until('a is well again', isWell('a', 1));
  expect(await daemon.stop()).toMatchObject({ exit: 0 });
  const said = daemon
    .log()
    .split('\n')
    .filter((line) => line.includes(' health '));
  expect(said.filter((line) => line.includes('agent=a')).map((line) => line.slice(25))).toEqual([
    'health    warn agent=a it is not well: ended with exit 1',
    'health    agent=a it is well again',
  ]);
  expect(said.filter((line) => line.includes('agent=b'))).toHaveLength(1);
  repository.configure(`[[agents]]\nid = "c"\ncommand = "true"\nhealth = { command = "true" }\n`);
  await repository.once();
  expect(rows()).toMatchObject([{ agent: 'a' }, { agent: 'b' }, { agent: 'c', is_well: 1 }]);
});
