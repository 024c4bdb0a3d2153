import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended } from '@jit/testkit/processes';
import { collect } from '@jit/testkit/processes';
import { describe, expect, it } from 'vitest';
import { commitAll, git } from './git.ts';
import type { LeaseTracker, Way } from './lease-tracker.ts';
import { leaseTracker, WAYS } from './lease-tracker.ts';

const WAITERS = 8;
const DAY = '86400';

interface Waiter {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** True once the process watches files; where the system does not show that, at once. */
function isWatching(child: ChildProcess): boolean {
  const folder = `/proc/${child.pid}/fdinfo`;
  if (!existsSync(folder)) return true;
  return readdirSync(folder).some((name) => {
    try {
      return readFileSync(join(folder, name), 'utf8').includes('inotify wd');
    } catch {
      return false;
    }
  });
}

/** Starts processes that wait for work, and goes on when all of them do. */
async function startWaiters({ start }: LeaseTracker, way: Way, secs = DAY): Promise<Waiter[]> {
  const waiters = Array.from({ length: WAITERS }, (_, n): Waiter => {
    const argv = ['issue', 'claim-next', `worker-${n}`, '--ttl', '600', '--wait', secs];
    const child = start(way === 'jit batch' ? ['batch'] : [...argv, '--json']);
    const ended = collect(child, way === 'jit batch' ? `${JSON.stringify(argv)}\n` : '');
    return { child, ended };
  });
  await expect
    .poll(() => waiters.every(({ child }) => isWatching(child)), { timeout: 60_000 })
    .toBe(true);
  return waiters;
}

const winnersIn = ({ events }: LeaseTracker) =>
  events().filter((event) => event.type === 'claimed' && /^worker/.test(event.assignee));

/** What makes one issue ready: prepared before anybody waits, done while they do. */
type Free = (tracker: LeaseTracker) => Promise<() => unknown>;

const FREED: readonly [string, Way, Free][] = [
  [
    'is released by another process',
    'single commands',
    async ({ create, json }) => {
      const id = await create('x');
      const { claim } = await json(['issue', 'claim', id, 'holder', '--ttl', '600']);
      return () => json(['issue', 'release', id, '--claim', claim.token]);
    },
  ],
  [
    'is released by another process',
    'jit batch',
    async ({ create, json, lines }) => {
      const id = await create('x');
      const { claim } = await json(['issue', 'claim', id, 'holder', '--ttl', '600']);
      return () => lines([['issue', 'release', id, '--claim', claim.token]]);
    },
  ],
  [
    'has its last dependency done',
    'single commands',
    async ({ create, json }) => {
      const first = await create('first');
      await create('second', '--dep', first);
      const { claim } = await json(['issue', 'claim', first, 'holder', '--ttl', '600']);
      return () => json(['issue', 'update', first, '--state', 'done', '--claim', claim.token]);
    },
  ],
  [
    'passes its entry gate',
    'single commands',
    async ({ create, json }) => {
      await json(['gate', 'define', 'review', '--stage', 'ready']);
      const id = await create('x', '--gate', 'review');
      return () => json(['gate', 'pass', id, 'review']);
    },
  ],
  [
    'has a lease that ends',
    'single commands',
    async ({ create, json, setClock }) => {
      await json(['issue', 'claim', await create('x'), 'holder', '--ttl', '600']);
      return () => setClock({ offset_secs: 601 });
    },
  ],
  [
    'has a lease that ends',
    'jit batch',
    async ({ create, json, setClock }) => {
      await json(['issue', 'claim', await create('x'), 'holder', '--ttl', '600']);
      return () => setClock({ offset_secs: 601 });
    },
  ],
  [
    'has a lease that ends one term after .jit/local was deleted',
    'single commands',
    async ({ cwd, create, json, setClock }) => {
      const id = await create('x');
      await json(['issue', 'claim', id, 'holder', '--ttl', '600']);
      return async () => {
        setClock({ offset_secs: 500 });
        // In one step: those who wait put files there again while it is emptied.
        const gone = join(cwd, 'local-that-was');
        renameSync(join(cwd, '.jit', 'local'), gone);
        rmSync(gone, { recursive: true });
        await json(['issue', 'claim', id, 'early'], 6);
        setClock({ offset_secs: 1101 });
      };
    },
  ],
  [
    'was deferred until now',
    'single commands',
    async ({ create, setClock }) => {
      const time = new Date(Date.now() + 3600_000).toISOString();
      await create('x', '--defer-until', time);
      return () => setClock({ offset_secs: 3601 });
    },
  ],
  [
    'comes with git merge',
    'single commands',
    async ({ cwd, create }) => {
      git(cwd, 'init');
      commitAll(cwd, 'empty');
      git(cwd, 'checkout', '-b', 'work');
      await create('x');
      commitAll(cwd, 'an issue');
      git(cwd, 'checkout', 'main');
      return () => git(cwd, 'merge', '--no-edit', 'work');
    },
  ],
  [
    'comes with git checkout from a branch without .jit/issues',
    'single commands',
    async ({ cwd, create }) => {
      git(cwd, 'init');
      commitAll(cwd, 'a tracker without issues');
      git(cwd, 'checkout', '-b', 'work');
      await create('x');
      commitAll(cwd, 'an issue');
      git(cwd, 'checkout', 'main');
      return () => git(cwd, 'checkout', 'work');
    },
  ],
];

describe('eight processes that wait for work', () => {
  it.each(FREED)('have one winner when an issue %s (%s)', async (what, way, prepare) => {
    const tracker = await leaseTracker();
    const free = await prepare(tracker);
    const waiters = await startWaiters(tracker, way);
    expect(winnersIn(tracker)).toEqual([]);
    await free();
    const winner = await Promise.race(waiters.map(({ ended }) => ended));
    expect(winner.exit, winner.stdout + winner.stderr).toBe(0);
    const waiting = waiters.filter(({ child }) => child.exitCode === null);
    for (const { child } of waiting) child.kill('SIGTERM');
    const all = await Promise.all(waiters.map(({ ended }) => ended));
    // One that a busy machine keeps from ending in time dies of the signal, which shells count as 130, too.
    const exits = all.map(({ exit, signal }) => (signal === 'SIGINT' ? 130 : exit));
    const winners = winnersIn(tracker);
    console.log(
      `${what} (${way}): ${WAITERS} waited, ${winners.length} claimed, ${exits.filter((exit) => exit === 130).length} waited on until they were ended`,
    );
    expect(exits.sort()).toEqual([0, ...Array.from({ length: WAITERS - 1 }, () => 130)].sort());
    expect(winners).toHaveLength(1);
    const report = await tracker.json(['validate']);
    expect(report.findings).toEqual([]);
  });

  it.each(WAYS)('get one issue each when eight come one after the other (%s)', async (way) => {
    const tracker = await leaseTracker();
    const waiters = await startWaiters(tracker, way);
    for (let n = 1; n <= WAITERS; n += 1) {
      await tracker.create(`issue ${n}`);
      await expect.poll(() => winnersIn(tracker).length, { timeout: 30_000 }).toBe(n);
    }
    const exits = (await Promise.all(waiters.map(({ ended }) => ended))).map(({ exit }) => exit);
    expect(exits).toEqual(waiters.map(() => 0));
    const winners = winnersIn(tracker);
    expect(new Set(winners.map(({ assignee }) => assignee)).size).toBe(WAITERS);
    expect(new Set(winners.map(({ issue }) => issue)).size).toBe(WAITERS);
  });

  it('exit 3 when their time is over, and keep nobody from writing meanwhile', async () => {
    const tracker = await leaseTracker();
    const waiters = await startWaiters(tracker, 'single commands', '600');
    const deferred = ['issue', 'create', 'later', '--defer-until', '2099-01-01T00:00:00Z'];
    expect((await tracker.run([...deferred, '--lock-timeout', '0'])).exit).toBe(0);
    tracker.setClock({ offset_secs: 601 });
    for (const { exit, stdout } of await Promise.all(waiters.map(({ ended }) => ended))) {
      expect([exit, JSON.parse(stdout).error.code]).toEqual([3, 'NOTHING_READY']);
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('exit 130 on %s without a claim', async (signal) => {
    const tracker = await leaseTracker();
    const waiters = await startWaiters(tracker, 'single commands');
    for (const { child } of waiters) child.kill(signal);
    for (const { exit, stdout, ...end } of await Promise.all(waiters.map(({ ended }) => ended))) {
      // One that is slow to end after its answer dies of SIGINT, which shells count as 130, too.
      const code = end.signal === 'SIGINT' ? 130 : exit;
      expect([code, JSON.parse(stdout).error.code]).toEqual([130, 'INTERRUPTED']);
    }
    await tracker.create('too late');
    expect(winnersIn(tracker)).toEqual([]);
  });

  it('exit 3 when the tracker is taken away, and put none in its place', async () => {
    const tracker = await leaseTracker();
    const waiters = await startWaiters(tracker, 'single commands');
    renameSync(join(tracker.cwd, '.jit'), join(tracker.cwd, 'away'));
    for (const { exit, stdout } of await Promise.all(waiters.map(({ ended }) => ended))) {
      expect([exit, JSON.parse(stdout).error.code]).toEqual([3, 'NOT_A_TRACKER']);
    }
    expect(existsSync(join(tracker.cwd, '.jit'))).toBe(false);
  });
});

it('two that wait with the same token get the same claim, once', async () => {
  const tracker = await leaseTracker();
  const token = 'a-token-of-128-bits-or-more';
  const argv = ['issue', 'claim-next', 'worker-1', '--wait', DAY, '--claim', token, '--json'];
  const children = [tracker.start(argv), tracker.start(argv)];
  const ended = children.map((child) => collect(child));
  await expect.poll(() => children.every(isWatching)).toBe(true);
  const [first] = [await tracker.create('first'), await tracker.create('second')];
  const answers = (await Promise.all(ended)).map(({ stdout }) => JSON.parse(stdout));
  expect(answers.map(({ id, claim }) => [id, claim.token])).toEqual([
    [first, token],
    [first, token],
  ]);
  expect(answers.map(({ changed }) => changed).sort()).toEqual([false, true]);
  expect(winnersIn(tracker)).toHaveLength(1);
});

describe('a line of a batch that waits', () => {
  it('leaves the lines before it answered and the lock free', async () => {
    const { openBatch, run, create } = await leaseTracker();
    const batch = openBatch();
    batch.send(['issue', 'create', 'later', '--defer-until', '2099-01-01T00:00:00Z']);
    batch.send(['issue', 'claim-next', 'one', '--wait', DAY]);
    batch.send(['issue', 'create', 'after the wait']);
    expect((await batch.next()).result).toMatchObject({ title: 'later' });
    await expect.poll(() => isWatching(batch.child)).toBe(true);
    const other = ['issue', 'create', 'by another', '--defer-until', '2099-01-01T00:00:00Z'];
    expect((await run([...other, '--lock-timeout', '0'])).exit).toBe(0);
    const id = await create('at last');
    expect((await batch.next()).result).toMatchObject({ id, assignee: 'one' });
    expect((await batch.next()).result).toMatchObject({ title: 'after the wait' });
  });
});
