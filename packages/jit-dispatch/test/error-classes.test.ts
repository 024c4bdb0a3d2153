import { join } from 'node:path';
import type { EventOutput } from '@jit/contract/outputs/event';
import { expect, test } from 'vitest';
import { openLedger } from '../src/ledger/ledger.ts';
import { createRepository, type Repository } from './repository.ts';
import { isQuiet, readRun, runFolders } from './run-folders.ts';
import { until } from './until.ts';

const agent = (id: string, rest: string) => `[[agents]]\nid = "${id}"\n${rest}\n`;
const ended = (repository: Repository) =>
  until('the run ended', async () => {
    await repository.once('--max-issues', '0');
    const runs = await repository.runs('--all');
    return runs.length > 0 && runs.every((run) => run.ended_at !== null) ? runs : null;
  });

interface Released {
  readonly failed: string | null;
  readonly reason: string | null;
  readonly defer_until: string | null;
}
const releases = (repository: Repository, id: string) =>
  repository.jit<Released[]>(['events', 'query', '--issue', id, '--type', 'claim_released']);

test('a provider that asks for patience rests the account, not the issue, and counts as no failure of the agent', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.script(
    'limited',
    '#!/bin/sh\necho "HTTP 429 Too Many Requests"\necho "Retry-After: 600"\nexit 1\n',
  );
  repository.configure(agent('a', 'account = "shared"\ncommand = "./limited"'));
  await repository.once();
  const [run] = await ended(repository);
  expect(run).toMatchObject({ state: 'failed', reason: 'rate_limit', failed: 'rate_limit' });
  expect(await releases(repository, id)).toMatchObject([
    { failed: 'rate_limit', defer_until: null },
  ]);
  expect(await repository.issue(id)).toMatchObject({ state: 'ready', blockers: [] });
  const ledger = openLedger(join(repository.root, '.jit-dispatch/test/ledger.db'));
  const [pause] = ledger.pauses(new Date().toISOString());
  ledger.close();
  const secs = (Date.parse(pause?.until ?? '') - Date.parse(run?.ended_at ?? '')) / 1000;
  expect(pause).toMatchObject({ account: 'shared' });
  expect(secs).toBeGreaterThanOrEqual(600);
  expect(secs).toBeLessThanOrEqual(660);
});

test('what an agent says about its own failure is kept, and counted once', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.script(
    'honest',
    '#!/bin/sh\njit issue release "$JIT_ISSUE_ID" "no disk" --failed environment --defer 3600\nexit 1\n',
  );
  repository.configure(agent('a', 'command = "./honest"'));
  await repository.once();
  expect(await ended(repository)).toMatchObject([
    { state: 'failed', reason: 'released_failed', failed: 'environment' },
  ]);
  const [only, ...more] = await releases(repository, id);
  expect(more).toEqual([]);
  expect(only).toMatchObject({ failed: 'environment', reason: 'no disk' });
  const issue = await repository.issue(id);
  expect(issue.blockers).toMatchObject([{ type: 'deferred', until: only?.defer_until }]);
});

test('an agent that somebody else ends has not failed: it is the environment', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  repository.configure(agent('a', 'command = ["sleep", "600"]'));
  await repository.once();
  const [folder = ''] = runFolders(repository.root);
  const { pid } = await until('the agent runs', () => readRun(folder, 'agent'));
  process.kill(pid, 'SIGTERM');
  expect(await ended(repository)).toMatchObject([
    { state: 'failed', reason: 'killed_from_outside', failed: 'environment', signal: 'SIGTERM' },
  ]);
  expect(await releases(repository, id)).toMatchObject([{ failed: 'environment' }]);
});

test('an issue that always waits for a provider ends with a person, and spends no attempt', async () => {
  const repository = await createRepository();
  const id = await repository.create('One');
  const limited = (name: string) => agent(name, 'command = ["sh", "-c", "exit 75"]');
  repository.configure(
    `[rate_limit]\nmax_waits = 2\n[retry]\nattempts_per_agent = 1\nlifetime = 1\n${limited('a')}${limited('b')}`,
  );
  const seen = await until('a person is asked', async () => {
    if (!isQuiet(repository.root)) return null;
    const { decisions } = await repository.once();
    return decisions.some(({ action }) => action === 'escalate') ? decisions : null;
  });
  expect(seen).toMatchObject([{ issue: id, action: 'escalate', reason: 'waits_used_up' }]);
  const runs = (await repository.runs('--all')).reverse();
  expect(runs).toMatchObject([
    { agent: 'a', failed: 'rate_limit', attempt: 1 },
    { agent: 'b', failed: 'rate_limit', attempt: 2 },
  ]);
  expect(await repository.issue(id)).toMatchObject({ labels: ['dispatch:escalated'] });
  const argv = ['events', 'query', '--issue', id, '--type', 'comment_added'];
  const comments = await repository.jit<EventOutput[]>(argv);
  expect(comments).toHaveLength(1);
  expect(comments[0]?.text).toContain('it waited 2 times in a row for a provider');
  expect((await repository.once()).decisions).toMatchObject([{ reason: 'escalated' }]);
  console.log(`${runs.length} waits of 2 accounts, lifetime 1: 0 attempts spent, 1 comment`);
});
