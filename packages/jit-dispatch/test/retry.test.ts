import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DispatcherStatusOutput } from '@jit/contract/outputs/dispatcher-status';
import type { EventOutput } from '@jit/contract/outputs/event';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { createRepository, type Repository } from './repository.ts';
import { isQuiet } from './run-folders.ts';
import { until } from './until.ts';

const agent = (id: string, command: string, more = ''): string =>
  `[[agents]]\nid = "${id}"\ncompletion = "exit"\ncommand = "${command}"\n${more}\n`;
const HOOK = '[escalation]\nhook = "./tell"\n';

/** A repository whose hook writes what it is told into the file `told`. */
async function prepared(toml: string): Promise<Repository> {
  const repository = await createRepository();
  repository.script('tell', '#!/bin/sh\ncat >> told\n');
  repository.script('fail', '#!/bin/sh\nexit 1\n');
  repository.configure(toml);
  return repository;
}

const told = ({ root }: Repository): { escalation: string; count: number; issue: string }[] => {
  const file = join(root, 'told');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
};

/** As any dispatcher would leave it: claimed by the agent and given back as failed. */
async function failedBy({ jit }: Repository, issue: string, name: string, failed = 'agent') {
  const { claim } = await jit<{ claim: { token: string } }>(['issue', 'claim', issue, name]);
  const release = ['issue', 'release', issue, 'exit code 1', '--claim', claim.token];
  await jit([...release, '--failed', failed]);
}

const events = ({ jit }: Repository, issue: string, type: string) =>
  jit<EventOutput[]>(['events', 'query', '--issue', issue, '--type', type]);

/** How often the issue got the label, and its comments. */
async function traces(repository: Repository, issue: string) {
  const updates = await events(repository, issue, 'issue_updated');
  const labels = updates.filter(
    ({ changes }) =>
      (changes as { labels?: { to: string[] } }).labels?.to.includes('dispatch:escalated') ?? false,
  );
  const comments = await events(repository, issue, 'comment_added');
  return { labels: labels.length, comments: comments.map(({ text }) => String(text)) };
}

/** Ends the rest of an issue. */
const wake = ({ jit }: Repository, issue: string) =>
  jit(['issue', 'update', issue, '--defer-until', 'none']);

/** Cycles until no run is under way. */
const settle = (repository: Repository) =>
  until('every run is settled', async () => {
    if (!isQuiet(repository.root)) return false;
    await repository.once();
    return (await repository.runs()).length === 0;
  });

const outline = async (repository: Repository): Promise<string[]> =>
  (await repository.once('--dry-run')).decisions.map(({ action, agent: name, reason }) =>
    action === 'start' ? `start ${name}` : `${action} ${reason}`,
  );

test('an agent that failed three times gets the issue no more; another one finishes it', async () => {
  const repository = await prepared(agent('a', './fail') + agent('b', 'true'));
  const other = await repository.create('keeps b busy');
  const held = await repository.jit<{ claim: { token: string } }>(['issue', 'claim', other, 'b']);
  const id = await repository.create('hard');
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const { started } = await repository.once();
    expect(started).toMatchObject([{ issue: id, agent: 'a' }]);
    await settle(repository);
    await wake(repository, id);
  }
  const [decision] = (await repository.once('--dry-run')).decisions;
  expect(decision).toMatchObject({
    reason: 'agents_full',
    detail: 'no agent can take it now: a excluded: 3 times failed at it; b 1/1',
  });
  await repository.jit(['issue', 'update', other, '--state', 'done', '--claim', held.claim.token]);
  expect((await repository.once()).started).toMatchObject([{ issue: id, agent: 'b', attempt: 4 }]);
  await settle(repository);
  expect((await repository.issue(id)).state).toBe('done');
});

describe('an escalation', () => {
  const ROUNDS = 6;
  test('happens once, whichever of two dispatchers is first', { timeout: 180_000 }, async () => {
    const repository = await prepared(
      `${agent('a', './fail')}[retry]\nattempts_per_agent = 1\n${HOOK}`,
    );
    let both = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const id = await repository.create(`round ${round}`);
      await failedBy(repository, id, 'a');
      const cycles = await Promise.all(['one', 'two'].map((n) => repository.once('--name', n)));
      const wanted = cycles.filter(({ decisions }) =>
        decisions.some(({ issue, action }) => issue === id && action === 'escalate'),
      );
      if (wanted.length === 2) both += 1;
      const { labels, comments } = await traces(repository, id);
      expect([labels, comments.length]).toEqual([1, 1]);
      expect(comments[0]).toContain('1 attempt, no agent is left: a excluded: once failed at it');
      expect(told(repository).filter(({ issue }) => issue === id)).toHaveLength(1);
    }
    console.log(
      `${ROUNDS} rounds, in ${both} both wanted it: ${ROUNDS} labels, ${ROUNDS} comments, hook told ${told(repository).length} times`,
    );
    expect(told(repository)).toHaveLength(ROUNDS);
  });

  test('keeps agents away until the label is off; then counting starts anew', async () => {
    const repository = await prepared(
      `${agent('a', './fail')}[retry]\nattempts_per_agent = 1\n${HOOK}`,
    );
    const id = await repository.create('hard');
    await failedBy(repository, id, 'a');
    expect(await outline(repository)).toEqual(['escalate agents_excluded']);
    expect((await repository.issue(id)).labels).toEqual([]);
    await repository.once();
    expect((await repository.issue(id)).labels).toEqual(['dispatch:escalated']);
    expect(await outline(repository)).toEqual(['wait escalated']);
    await repository.jit(['issue', 'update', id, '--remove-label', 'dispatch:escalated']);
    expect(await outline(repository)).toEqual(['start a']);
    await failedBy(repository, id, 'a');
    await repository.once();
    expect((await traces(repository, id)).comments).toHaveLength(2);
    expect(told(repository).map(({ count }) => count)).toEqual([1, 1]);
  });

  test('comes when the attempts of an issue are used up, and says how many there were', async () => {
    const repository = await prepared(
      `${agent('a', './fail')}[retry]\nattempts_per_agent = 9\nlifetime = 2\n`,
    );
    const id = await repository.create('hard');
    await failedBy(repository, id, 'a');
    await failedBy(repository, id, 'a', 'rate_limit');
    expect(await outline(repository)).toEqual(['start a']);
    await failedBy(repository, id, 'b', 'no_progress');
    await repository.once();
    const { comments } = await traces(repository, id);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain('(lifetime_used_up): 2 attempts, and 2 are allowed');
    expect(comments[0]).toContain('a: 1 × agent; b: 1 × no_progress');
  });

  test('is repeated as often as it is configured, and not after the label is off', async () => {
    const repeats = `${HOOK}repeat_secs = 1\nrepeats = 1\n`;
    const repository = await prepared(
      `${agent('a', './fail')}[retry]\nattempts_per_agent = 1\n${repeats}`,
    );
    const [kept, cleared] = [await repository.create('kept'), await repository.create('cleared')];
    await failedBy(repository, kept, 'a');
    await failedBy(repository, cleared, 'a');
    await repository.once();
    await repository.jit(['issue', 'reject', cleared]);
    const counts = (id: string) =>
      told(repository).flatMap(({ issue, count }) => (issue === id ? count : []));
    const open = () => {
      const db = new Database(join(repository.root, '.jit-dispatch/test/ledger.db'));
      const rows = db.prepare('SELECT * FROM escalations WHERE ended_at IS NULL').all();
      db.close();
      return rows.length;
    };
    await until('people were told again, and the cleared one is over', async () => {
      await repository.once();
      return counts(kept).length === 2 && open() === 1;
    });
    // It stays open for those who look, as long as the label is on; nobody is told any more.
    for (let cycle = 0; cycle < 2; cycle += 1) await repository.once();
    expect(open()).toBe(1);
    await repository.jit(['issue', 'update', kept, '--remove-label', 'dispatch:escalated']);
    await repository.once('--max-issues', '0');
    expect(open()).toBe(0);
    expect([counts(kept), counts(cleared)]).toEqual([[1, 2], [1]]);
  });
});

test('an agent that keeps failing rests, is tried with one run, and works again', async () => {
  const breaker = (secs: number) =>
    `${agent('a', './work', 'capacity = 2')}[breaker]\nfailures = 2\npause_secs = ${secs}\nmax_pause_secs = 7200\n`;
  const repository = await prepared(breaker(3600));
  repository.script('work', '#!/bin/sh\ntest -e well\n');
  const ids = [await repository.create('1'), await repository.create('2')];
  expect((await repository.once()).started).toHaveLength(2);
  await settle(repository);
  for (const id of ids) await wake(repository, id);
  expect(await outline(repository)).toEqual(['wait agents_resting', 'wait agents_resting']);
  const status = JSON.parse((await repository.dispatch('status', '--json')).stdout);
  const [shown] = (status as DispatcherStatusOutput).agents;
  expect(shown?.why).toBe('2 failures (agent) within 900 s');
  expect(Date.parse(shown?.resting_until ?? '')).toBeGreaterThan(Date.now());

  repository.configure(breaker(1));
  await until('the rest is over', async () => (await outline(repository)).includes('start a'));
  expect((await outline(repository)).sort()).toEqual(['start a', 'wait agents_resting']);
  expect((await repository.once()).started).toHaveLength(1);
  // The try fails, so it rests again, twice as long: here long enough for a slow machine.
  repository.configure(breaker(3600));
  await settle(repository);
  for (const id of ids) await wake(repository, id);
  expect(await outline(repository)).toEqual(['wait agents_resting', 'wait agents_resting']);

  repository.script('well', '');
  repository.configure(breaker(1));
  await until('it works again', async () => {
    await repository.once();
    for (const { id, state } of await repository.issues())
      if (state === 'open') await wake(repository, id);
    return (await repository.issues()).every(({ state }) => state === 'done');
  });
  expect(await repository.runs('--all')).toHaveLength(5);
});

test('an account that rests holds back both its agents and no other', async () => {
  const lab = 'account = "lab"';
  const repository = await prepared(
    agent('a', 'true', lab) + agent('b', 'true', lab) + agent('c', 'true'),
  );
  await repository.once();
  const db = new Database(join(repository.root, '.jit-dispatch/test/ledger.db'));
  db.prepare('INSERT INTO pauses VALUES (?, ?, ?)').run('lab', '2999-01-01T00:00:00.000Z', 'limit');
  db.close();
  for (const title of ['1', '2', '3']) await repository.create(title);
  const { decisions } = await repository.once('--dry-run');
  expect(decisions.map(({ agent: name }) => name)).toEqual(['c', null, null]);
  const rests = 'rests until 2999-01-01T00:00:00.000Z: account lab: limit';
  expect(decisions[1]?.detail).toBe(`no agent can take it now: a ${rests}; b ${rests}; c 1/1`);
});

describe('jit-dispatch dispatch', () => {
  const refused = async (repository: Repository, ...ids: string[]) => {
    const { exit, stdout } = await repository.dispatch('dispatch', '--json', ...ids);
    const { code, details, retryable } = JSON.parse(stdout).error;
    return { exit, code, number: details.dispatch_code, retryable };
  };

  test('takes label and rest off and starts what was asked for, and nothing else', async () => {
    const repository = await prepared(agent('a', './wait', 'capacity = 5'));
    repository.script('wait', '#!/bin/sh\nexec sleep 600\n');
    const id = await repository.create('hard', '-l', 'dispatch:escalated');
    await repository.jit(['issue', 'update', id, '--defer-until', '2999-01-01']);
    const other = await repository.create('other');
    const ended = await repository.dispatch('dispatch', id.slice(0, 6), '--json');
    expect(ended.exit, ended.stdout + ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      issues: [id],
      left_to: null,
      cycle: { started: [{ issue: id, agent: 'a' }] },
    });
    expect((await repository.issue(id)).labels).toEqual([]);
    expect((await repository.issue(other)).state).toBe('ready');
    const again = { exit: 6, code: 'ALREADY_DISPATCHED', number: 'E13306', retryable: false };
    expect(await refused(repository, id)).toEqual(again);
    expect(await refused(repository, other, id)).toEqual(again);
  });

  test('refuses what is finished, blocked or unknown, and changes nothing', async () => {
    const repository = await prepared(agent('a', 'true'));
    const done = await repository.create('done');
    await repository.jit(['issue', 'update', done, '--state', 'done']);
    const first = await repository.create('first', '-l', 'dispatch:escalated');
    const blocked = await repository.create('blocked', '--dep', first);
    const bad = { code: 'INVALID_REQUEST', number: 'E13307', retryable: false };
    expect(await refused(repository, first, done)).toEqual({ exit: 4, ...bad });
    expect(await refused(repository, first, blocked)).toEqual({ exit: 4, ...bad });
    expect(await refused(repository, first, 'zzzzzzzzzz')).toEqual({ exit: 3, ...bad });
    expect(await refused(repository, '--', '-x')).toEqual({ exit: 4, ...bad });
    const nobody = await repository.dispatch('dispatch', '--json');
    expect([nobody.exit, JSON.parse(nobody.stdout).error.code]).toEqual([2, 'USAGE']);
    expect((await repository.issue(first)).labels).toEqual(['dispatch:escalated']);
    expect(await repository.runs('--all')).toEqual([]);
  });

  test('leaves the start to a running dispatcher of this name', async () => {
    const repository = await prepared(agent('a', 'true'));
    const id = await repository.create('hard', '-l', 'dispatch:escalated');
    const daemon = repository.start();
    await until('it says that the issue waits', () => daemon.log().includes('reason=escalated'));
    const { stdout, exit } = await repository.dispatch('dispatch', id, '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ left_to: { pid: daemon.process.pid }, cycle: null });
    await until('it is done', async () => (await repository.issue(id)).state === 'done');
    await daemon.stop();
  });
});
