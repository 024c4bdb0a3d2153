import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunOutput } from '@jit/contract/outputs/dispatch';
import { expect, test } from 'vitest';
import { startServer } from '../http-server.ts';
import { createRepository } from '../repository.ts';
import { until } from '../until.ts';
import { type OpenRuns, openRuns } from './describe-runs.ts';
import { LABEL, openLabelWorld } from './forge-worlds.ts';
import { openHttpWorld } from './http-world.ts';
import type { KindWorld } from './kind-world.ts';
import { openSessionWorld } from './session-world.ts';

test('work that a killed run left with another agent is taken back when the issue goes elsewhere', async () => {
  const other = '[[agents]]\nid = "b"\ncommand = ["sleep", "600"]\n';
  const runs = await openRuns(() => openLabelWorld('gitea'), { rest: other });
  const { repository, world, issue } = runs;
  await repository.jit(['issue', 'assign', issue, 'a']);
  await runs.once();
  const run = await runs.working();
  const [live] = await repository.runs();
  expect(live).toMatchObject({ run, agent: 'a' });
  process.kill(live?.pid ?? 0, 'SIGKILL');
  await until('it is settled', async () => {
    await repository.dispatchWith(world.env, 'once', '--max-issues', '0');
    return (await repository.runs()).length === 0;
  });
  expect(await world.isWithdrawn?.()).toBe(false);
  await repository.jit(['issue', 'assign', issue, 'b']);
  await until('the other agent has it', async () => {
    await runs.once();
    return (await repository.runs())[0]?.agent === 'b';
  });
  await until('the work is taken back', () => world.isWithdrawn?.());
});

test.each([
  [
    'a token without rights',
    () => openLabelWorld('github'),
    'forbid',
    'environment',
    'FORGE_FORBIDDEN',
  ],
  [
    'a refusal in an answer with a good code',
    () => openHttpWorld('poll'),
    'refuse',
    'agent',
    'the agent answered 200 and refused: no capacity',
  ],
] as const)('%s is a failure that explain shows', async (_, open, trouble, failed, words) => {
  const runs = await openRuns(open);
  const { repository, issue, world } = runs;
  await world.troubles[trouble]?.();
  await runs.once();
  await until('it has failed', async () => {
    await repository.dispatchWith(world.env, 'once', '--max-issues', '0');
    return (await repository.runs('--all'))[0]?.ended_at;
  });
  expect(await repository.runs('--all')).toMatchObject([{ state: 'failed', failed }]);
  const explained = await repository.dispatch('explain', issue);
  expect(explained.stdout).toContain(words);
});

test.each([
  ['done', (world: KindWorld) => world.finish(), 'a completed (exit_0)'],
  [
    'no success where it is not planned any more',
    (world: KindWorld) => world.fail?.(),
    'acme/anvil#2 was closed as not planned',
  ],
] as const)(
  'an issue of a forge that a person closes meanwhile is %s, as explain says',
  async (_, close, words) => {
    const runs = await openRuns(() => openLabelWorld('github'));
    const { repository, issue, world } = runs;
    await runs.once();
    await runs.working();
    await close(world);
    await until('it has ended', async () => {
      await repository.dispatchWith(world.env, 'once', '--max-issues', '0');
      return (await repository.runs('--all'))[0]?.ended_at;
    });
    expect((await repository.dispatch('explain', issue)).stdout).toContain(words);
  },
);

test('an issue that is linked to none of the forge, and an SDK that is not there, say what to do', async () => {
  const repository = await createRepository();
  const label = await openLabelWorld('gitea');
  const { url } = label.server;
  repository.configure(`[gitea]
repository = "acme/anvil"
url = "${url}"
token_env = "FORGE_TOKEN"
[[agents]]
id = "a"
kind = "gitea-label"
[agents.label]
name = "${LABEL}"
[[agents]]
id = "b"
type = "copilot-sdk"
`);
  for (const agent of ['a', 'b']) {
    const id = await repository.create(`For ${agent}`);
    await repository.jit(['issue', 'assign', id, agent]);
  }
  await repository.dispatchWith(label.env, 'once');
  const ended = await until('both have failed', async () => {
    await repository.dispatchWith(label.env, 'once', '--max-issues', '0');
    const runs = await repository.runs('--all');
    return runs.every(({ ended_at }) => ended_at !== null) ? runs : null;
  });
  const detailOf = (agent: string) => ended.find((run) => run.agent === agent);
  expect(detailOf('a')).toMatchObject({ failed: 'environment', reason: 'not_linked' });
  expect(detailOf('a')?.detail).toContain('--link gitea=NUMBER');
  expect(detailOf('b')).toMatchObject({ failed: 'environment', reason: 'SDK_MISSING' });
  expect(detailOf('b')?.detail).toContain('npm install @github/copilot-sdk');
});

/** Its first run, begun here, once it has ended. */
async function ended({ once, repository }: OpenRuns): Promise<RunOutput> {
  await once();
  return until('it has ended', async () => {
    await repository.once('--max-issues', '0');
    const [run] = await repository.runs('--all');
    return run?.ended_at ? run : undefined;
  });
}

test('a session is tried as often as is configured, and each try is told', async () => {
  const runs = await openRuns(() => openSessionWorld({ retries: 2 }));
  await runs.world.fail?.();
  const run = await ended(runs);
  expect(run).toMatchObject({ failed: 'agent', reason: 'session_failed' });
  expect(run?.detail).toBe('the model gave up (3 sessions)');
});

test('a session that is not idle in time is ended, and another one is begun; that of a part of it ends nothing', async () => {
  const world = await openSessionWorld({ retries: 1, timeoutSecs: 0.3 });
  const ofPart = { type: 'session.idle', agentId: 'part', data: {} };
  writeFileSync(join(world.folder, 'always'), JSON.stringify(ofPart));
  const runs = await openRuns(async () => world);
  const run = await ended(runs);
  expect(run).toMatchObject({ failed: 'agent', reason: 'session_failed' });
  expect(run?.detail).toBe('it was not done within 0.3 s (2 sessions)');
  const did = (what: string) => world.calls().filter((call) => call.startsWith(what));
  expect([did('create'), did('send'), did('abort')].map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(new Set(did('create')).size).toBe(2);
});

test('what a session says is in the log of its run', async () => {
  const runs = await openRuns(openSessionWorld);
  await runs.once();
  const run = await runs.working();
  await runs.world.finish();
  await until('it is settled', async () => {
    await runs.repository.dispatch('once', '--max-issues', '0');
    return (await runs.repository.runs()).length === 0;
  });
  const log = await runs.repository.dispatch('logs', run);
  expect(log.stdout).toMatch(/session jit-\S+ was begun\n[\s\S]*working on it\n/);
});

test.each(['github', 'gitea'] as const)(
  'a label of %s that is refused after its comment is put on by the next try, and the comment is there once',
  async (kind) => {
    const world = await openLabelWorld(kind);
    const { server, issue } = world;
    server.fault({
      does: 'answer',
      answer: { status: 503, body: { message: 'Unavailable' } },
      when: ({ method, path }) => method === 'POST' && /\/issues\/\d+\/labels$/.test(path),
      times: 1,
    });
    const runs = await openRuns(async () => world);
    await runs.once();
    const run = await runs.working();
    const log = async () => (await runs.repository.dispatch('logs', run)).stdout;
    await until('it is said', async () => (await log()).includes(`has the label ${LABEL}`));
    expect(await log()).toMatch(/try 1: .*answered 503/);
    expect(server.repository.labelsOf(issue).map(({ name }) => name)).toEqual([LABEL]);
    expect(await world.brought()).toBe(1);
  },
);

test('who can not be looked at for a while is looked at again: the work goes on', async () => {
  const world = await openLabelWorld('gitea');
  const runs = await openRuns(async () => world);
  await runs.once();
  const run = await runs.working();
  world.server.fault({ does: 'answer', answer: { status: 502, body: 'bad gateway' } });
  const log = async () => (await runs.repository.dispatch('logs', run)).stdout;
  await until('it is said', async () => (await log()).includes("can't look now"));
  expect(await runs.repository.runs()).toMatchObject([{ run, ended_at: null }]);
  world.server.heal();
  await world.finish();
  await until('it is done', async () => {
    await runs.once();
    return (await runs.repository.issue(runs.issue)).state === 'done';
  });
  expect(await runs.repository.runs('--all')).toMatchObject([{ run, state: 'completed' }]);
  expect(await world.brought()).toBe(1);
});

test('the secrets that an agent repeats get into no issue, record, prompt or output', async () => {
  const repository = await createRepository();
  const token = 'token/of-the-agent';
  const claims: string[] = [];
  const callbacks: string[] = [];
  const agent = await startServer(({ headers, body }, response) => {
    const { claim, callback } = JSON.parse(body) as { claim: string; callback: { token: string } };
    claims.push(claim);
    callbacks.push(callback.token);
    // The last one is where the words are shortened.
    const words = `no: ${[claim, callback.token, headers.authorization].join(' ')} ${'-'.repeat(60)} ${token}`;
    response.writeHead(422).end(JSON.stringify({ error: words }).replaceAll('/', '\\/'));
  });
  writeFileSync(join(repository.root, 'token'), `${token}\n`, { mode: 0o600 });
  repository.configure(`[retry]
first_secs = 0
max_secs = 0
[[agents]]
id = "a"
kind = "http"
completion = "issue"
[agents.http]
url = "${agent.url}"
token_file = "token"
callback = true
`);
  const issue = await repository.create('Build the anvil');
  const shown: string[] = [];
  await until('two runs have failed', async () => {
    shown.push(JSON.stringify(await repository.once()));
    const ended = (await repository.runs('--all')).filter(({ ended_at }) => ended_at !== null);
    return ended.length >= 2;
  });
  const runs = await repository.runs('--all');
  shown.push(JSON.stringify(runs));
  for (const { run } of runs) shown.push((await repository.dispatch('logs', run)).stdout);
  shown.push((await repository.dispatch('explain', issue)).stdout);
  expect(shown.at(-1)).toContain('no: [redacted] [redacted] Bearer [redacted]');
  const part = token.slice(0, 8);
  for (const secret of [...claims, ...callbacks, part]) expect(shown.join()).not.toContain(secret);

  const files = ['.jit', '.jit-dispatch'].flatMap((folder) =>
    readdirSync(join(repository.root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(repository.root, folder, name))
      .filter((path) => statSync(path).isFile()),
  );
  const holders = (secrets: readonly string[]) =>
    files
      .filter((path) => secrets.some((secret) => readFileSync(path).includes(secret)))
      .map((path) => basename(path).replace(/-(wal|shm)$/, ''));
  expect(holders([part])).toEqual([]);
  expect(new Set(holders(callbacks))).toEqual(new Set(['assignment.json']));
  // Where the dispatcher keeps the claim for itself.
  expect(new Set(holders(claims))).toEqual(new Set(['spec.json', 'run.json', 'ledger.db']));
});
