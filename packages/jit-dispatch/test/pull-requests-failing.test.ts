import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Got } from './forge/forge-server.ts';
import { createPullRepository, serveRemote, writeToken } from './pull-requests.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';
import { git } from './worktrees.ts';

/** A guard against hanging: a dozen cycles of processes take a while on a busy machine. */
const LIMIT_MS = 300_000;

const isOpening = ({ method, path }: Got): boolean => method === 'POST' && path.endsWith('/pulls');

test('a push that is refused is tried again later, with the words of who refused; the work stays', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('github');
  const { root, remote, server } = repository;
  const hook = join(remote, 'hooks/pre-receive');
  repository.script(
    'remote.git/hooks/pre-receive',
    `#!/bin/sh\necho x >> ${root}/asked.log\necho "frozen until monday" >&2\nexit 1\n`,
  );
  const id = await repository.create('Issue');
  await repository.once();
  await repository.settle();
  for (let cycle = 0; cycle < 2; cycle += 1) await repository.once();
  expect(readFileSync(join(root, 'asked.log'), 'utf8')).toBe('x\n');
  const told = await repository.told(id);
  expect(told).toMatchObject({ state: 'pushing', url: null });
  expect(told?.error).toMatch(
    /could not be pushed to origin: .*hook declined.*frozen until monday/,
  );
  expect(Date.parse(told?.next_try_at ?? '')).toBeGreaterThan(Date.now());
  expect(existsSync(repository.workspace(id))).toBe(true);
  expect(server.got).toEqual([]);

  rmSync(hook);
  repository.dueNow();
  await repository.once();
  expect(await repository.told(id)).toMatchObject({ state: 'linked', error: null });
});

test('a push that hangs is ended with its hook, and git gets no token that is not listed', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('gitea', { keys: 'push_timeout_secs = 2' });
  const { root } = repository;
  repository.script(
    '.git/hooks/pre-push',
    `#!/bin/sh\nenv > ${root}/env.log\necho $$ > ${root}/pid.log\nexec sleep 300\n`,
  );
  repository.reconfigure((text) =>
    text.replace('token_file = "forge.token"', 'token_env = "MINE"'),
  );
  const id = await repository.create('Issue');
  await repository.once();
  await until('its agent has ended', () => isQuiet(root));
  await repository.dispatchWith({ MINE: 'token-of-robot', OTHER_SECRET: 'x' }, 'once');
  expect((await repository.told(id))?.error).toMatch(/did not end within 2 s and was killed/);
  const pid = Number(readFileSync(join(root, 'pid.log'), 'utf8'));
  await until('the hook has ended', () => !existsSync(`/proc/${pid}`));
  const environment = readFileSync(join(root, 'env.log'), 'utf8');
  expect(environment).toContain('GIT_TERMINAL_PROMPT=0');
  expect(environment).not.toMatch(/token-of-robot|OTHER_SECRET|JIT_CLAIM/);
});

test('what a forge refuses for good is given up at once, said in a comment and to people, once', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('github', {
    tables:
      '[[notify]]\nhook = ["sh", "-c", "cat >> told.log"]\nevents = ["pull_request_failed", "pull_request_opened"]',
  });
  const { root, server } = repository;
  server.fault({
    does: 'answer',
    answer: { status: 422, body: { message: 'Validation Failed: base is invalid' } },
    when: isOpening,
  });
  const daemon = repository.start();
  const id = await repository.create('Issue');
  await until('it is given up', () => daemon.log().includes('no pull request, given up'));
  await until('the tracker is told', () => repository.rows()[0]?.ended_at !== null);
  const told = await repository.told(id);
  expect(told).toMatchObject({ state: 'failed', url: null, next_try_at: null });
  expect(told?.error).toContain('Validation Failed: base is invalid (FORGE_REFUSED)');
  const lines = () =>
    existsSync(join(root, 'told.log')) ? readFileSync(join(root, 'told.log'), 'utf8') : '';
  await until('people are told', () => lines() !== '');
  const issue = await repository.jit<{ comments: { text: string }[] }>(['issue', 'show', id]);
  expect(issue.comments).toHaveLength(1);
  expect(issue.comments[0]?.text).toMatch(
    /^No pull request was opened for run \w+: .*Validation Failed/,
  );
  server.heal();
  const asked = server.got.length;
  expect((await daemon.stop()).exit).toBe(0);
  await repository.once();
  expect(server.got).toHaveLength(asked);
  expect(server.count('POST', '/pulls')).toBe(1);
  expect(
    lines()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ event: 'pull_request_failed', issue: id, reason: 'given_up' }]);

  // A person asks for another try, beside a running dispatcher.
  const run = repository.rows()[0]?.run ?? '';
  const again = repository.start();
  await until('it runs', () => again.log().includes('ready'));
  const shown = await repository.dispatch('show', run);
  expect(shown.stdout).toContain(`jit-dispatch retry-pull ${run}`);
  const retried = await repository.dispatch('retry-pull', run, '--json');
  expect(JSON.parse(retried.stdout)).toMatchObject({
    ...{ kind: 'retry_pull', issue: id, run, outcome: 'queued' },
    left_to: { pid: again.process.pid },
  });
  await until('it is linked', () => repository.rows()[0]?.state === 'linked');
  expect(repository.pulls()).toHaveLength(1);
  expect(await repository.dispatch('retry-pull', run)).toMatchObject({ exit: 4 });
});

test('a forge that fails, loses its answer, asks for patience or takes the token back gets few requests, and one pull request', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('github');
  const { root, server } = repository;
  const id = await repository.create('Issue');
  await repository.once();
  await until('its agent has ended', () => isQuiet(root));
  const requests: Record<string, number> = {};
  const play = async (name: string): Promise<string> => {
    const before = server.got.length;
    await repository.once();
    await repository.once();
    requests[name] = server.got.length - before;
    const told = await repository.told(id);
    expect(told, name).toMatchObject({ url: null });
    expect(Date.parse(told?.next_try_at ?? ''), name).toBeGreaterThan(Date.now());
    server.heal();
    repository.dueNow();
    return told?.error ?? '';
  };
  server.tokens.clear();
  expect(await play('revoked token')).toContain('does not accept the token of');
  server.tokens.set('token-of-ann', 'ann');
  writeToken(root, 'token-of-ann');

  const reset = String(Math.floor(Date.now() / 1000) + 1800);
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
  const body = { message: 'API rate limit exceeded' };
  server.fault({ does: 'answer', answer: { status: 403, headers, body } });
  const tries = repository.rows()[0]?.tries;
  expect(await play('rate limit')).toContain('its rate limit is used up until');
  expect(repository.rows()[0]?.tries).toBe(tries);

  server.fault({ does: 'answer', answer: { status: 503, body: {} }, when: isOpening });
  expect(await play('5xx')).toContain('answered 503');
  server.fault({ does: 'lose', times: 1, when: isOpening });
  expect(await play('lost answer')).not.toBe('');
  expect(repository.pulls()).toHaveLength(1);
  await repository.once();
  expect(await repository.told(id)).toMatchObject({ state: 'linked', number: 1, error: null });
  expect(repository.pulls()).toHaveLength(1);
  console.log(`requests in two cycles each: ${JSON.stringify(requests)}`);
  expect(Math.max(...Object.values(requests))).toBeLessThanOrEqual(4);
});

/** What agents leave, by the first word of the title. */
const LEAVE = `#!/bin/sh
set -e
commit() { echo "$1" > result; git add result; git commit --quiet -m "$1"; }
case $(jit issue show "$JIT_ISSUE_ID" | head -1) in
  *Idle*) ;;
  *Elsewhere*) git checkout --quiet --detach; commit elsewhere ;;
  *) commit "work $JIT_RUN_ID" ;;
esac
`;

test('a branch with other commits is not overwritten; idle work, work elsewhere and a foreign remote are told', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('gitea', { work: LEAVE });
  const { root, remote, server } = repository;
  const [idle, elsewhere, diverged] = [
    await repository.create('Idle'),
    await repository.create('Elsewhere'),
    await repository.create('Diverged'),
  ];
  git(root, 'commit', '--quiet', '--allow-empty', '-m', 'Of a person');
  const theirs = git(root, 'rev-parse', 'HEAD');
  git(remote, 'fetch', '--quiet', root, `HEAD:refs/heads/jit/${diverged}`);
  git(root, 'reset', '--quiet', '--hard', 'HEAD~1');
  await repository.once();
  await repository.settle();
  expect(await repository.told(idle)).toMatchObject({ state: 'nothing_to_merge', error: null });
  expect(await repository.told(elsewhere)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('its commits are not on its branch'),
  });
  expect(await repository.told(diverged)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('nothing was overwritten'),
  });
  expect(git(remote, 'rev-parse', `jit/${diverged}`)).toBe(theirs);
  for (const id of [elsewhere, diverged]) expect(existsSync(repository.workspace(id))).toBe(true);
  expect(git(remote, 'for-each-ref', '--format=%(refname)').split('\n')).toEqual([
    `refs/heads/jit/${diverged}`,
    'refs/heads/main',
  ]);

  const other = join(root, 'other.git');
  mkdirSync(other);
  git(other, 'init', '--quiet', '--bare');
  serveRemote(server.repository, other);
  const foreign = await repository.create('Foreign');
  await repository.once();
  await repository.settle();
  expect(await repository.told(foreign)).toMatchObject({
    state: 'queued',
    error: expect.stringMatching(
      /does not have it: it was deleted, or origin is another repository/,
    ),
  });
  expect(repository.pulls()).toEqual([]);
});

test('a pull request that a person closed or merged is not opened again; new work of the issue gets a new one, on a base that moved', {
  timeout: LIMIT_MS,
}, async () => {
  const repository = await createPullRepository('github', { work: LEAVE });
  const { root, remote, server } = repository;
  const [closed, merged] = [await repository.create('One'), await repository.create('Two')];
  await repository.once();
  await until('their agents have ended', () => isQuiet(root));
  await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: 'pull_sent' });
  const finish = (number: number, mergedAt: string | null) => {
    const issue = server.repository.findIssue(number);
    if (!issue?.pull) throw new Error(`there is no pull request ${number}`);
    server.repository.headCommitOf(issue);
    issue.state = 'closed';
    issue.pull.mergedAt = mergedAt;
  };
  finish(1, null);
  await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: 'pull_sent' });
  finish(2, server.repository.now());
  await repository.once();
  expect(await repository.told(closed)).toMatchObject({ state: 'closed', number: 1 });
  expect(await repository.told(merged)).toMatchObject({ state: 'linked', number: 2 });
  expect(repository.pulls()).toHaveLength(2);

  writeFileSync(join(root, 'README'), 'moved\n');
  git(root, 'commit', '--quiet', '-am', 'Moved');
  git(root, 'push', '--quiet', 'origin', 'main');
  await repository.jit(['issue', 'reopen', closed]);
  await repository.once();
  await repository.settle();
  expect(await repository.told(closed)).toMatchObject({ state: 'linked', number: 3 });
  expect(repository.pulls().map(({ pull, state }) => [pull?.head, state])).toEqual([
    [`jit/${closed}`, 'closed'],
    [`jit/${merged}`, 'closed'],
    [`jit/${closed}`, 'open'],
  ]);
  expect(git(remote, 'rev-list', '--count', `main..jit/${closed}`)).toBe('2');
});
