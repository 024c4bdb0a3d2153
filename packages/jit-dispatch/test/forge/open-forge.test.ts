import { expect, test } from 'vitest';
import { openGitea, openGithub } from '../../src/forge/open-forge.ts';
import { createTestTime, FORGES, forgePorts } from './open-forges.ts';

const options = {
  url: 'https://git.example/sub/',
  repository: 'acme/anvil',
  token: { env: 'FORGE_TOKEN' },
  timeoutMs: 30_000,
};

test('a forge is named by its host, github.com by the name that people know', async () => {
  const ports = forgePorts(createTestTime());
  const names = await Promise.all([
    openGithub({ ...options, url: null }, ports),
    openGithub({ ...options, url: 'https://github.example/api/v3' }, ports),
    openGitea(options, ports),
  ]);
  expect(names.map(({ name }) => name)).toEqual([
    'github.com/acme/anvil',
    'github.example/acme/anvil',
    'git.example/acme/anvil',
  ]);
});

test.each([
  [{ repository: 'acme' }, '"acme" is no repository'],
  [{ repository: 'acme/../x' }, '"acme/../x" is no repository'],
  [{ repository: '../..' }, '"../.." is no repository'],
  [{ url: 'git.example' }, '"git.example" is no address of a forge'],
  [{ url: 'ftp://git.example' }, '"ftp://git.example" is no address of a forge'],
  [{ url: null }, '"" is no address of a forge'],
  [{ url: 'https://me:hush@git.example' }, 'the address of git.example holds a user or password'],
])('%j is refused before anything is asked', async (facts, message) => {
  const ports = forgePorts(createTestTime());
  await expect(openGitea({ ...options, ...facts }, ports)).rejects.toMatchObject({
    kind: 'usage',
    message,
  });
});

test('a dispatcher that stops waits for no forge', async () => {
  const { server, openWith } = await FORGES.github();
  const abort = new AbortController();
  const environment = { FORGE_TOKEN: 'token-of-robot' };
  const forge = await openWith(environment, abort.signal);
  server.fault({ does: 'hang' });
  const asked = forge.findIssue(1);
  const outcome = expect(asked).rejects.toMatchObject({
    message: 'GET /repos/acme/anvil/issues/1 was given up: the dispatcher stops',
  });
  await expect.poll(() => server.got.length).toBe(1);
  abort.abort();
  await outcome;
});
