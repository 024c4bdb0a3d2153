import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mismatches, trackerFacts } from '../crash/tracker-facts.ts';
import { commitAll, git } from './git.ts';
import type { Way } from './lease-tracker.ts';
import { leaseTracker, WAYS } from './lease-tracker.ts';

/** Two commits: in the first the issue is open, in the second it has a label besides. */
async function repository() {
  const tracker = await leaseTracker();
  const { cwd, create, json } = tracker;
  git(cwd, 'init');
  const id = await create('x');
  commitAll(cwd, 'an issue');
  git(cwd, 'branch', 'other');
  await json(['issue', 'update', id, '--add-label', 'newer']);
  commitAll(cwd, 'a label');
  return { ...tracker, id };
}

/** The repository with a live claim, in the working tree only or committed. */
async function claimed(isCommitted: boolean) {
  const tracker = await repository();
  const { cwd, id, json } = tracker;
  const { claim } = await json(['issue', 'claim', id, 'one', '--ttl', '600']);
  if (isCommitted) commitAll(cwd, 'claimed');
  return { ...tracker, token: String(claim.token) };
}

const UNDOING: readonly [string, boolean, (cwd: string) => void][] = [
  ['git checkout of another branch', true, (cwd) => git(cwd, 'checkout', 'other')],
  ['git checkout of an older commit', true, (cwd) => git(cwd, 'checkout', 'HEAD~2')],
  ['git checkout of the files', false, (cwd) => git(cwd, 'checkout', '--', '.')],
  ['git stash', false, (cwd) => git(cwd, 'stash')],
  ['git reset --hard', false, (cwd) => git(cwd, 'reset', '--hard')],
];

const CASES = UNDOING.flatMap(([what, isCommitted, undo]) =>
  WAYS.map((way) => [what, way, isCommitted, undo] as const),
);

const codesOf = (report: { findings: { code: string; subject: string }[] }) =>
  report.findings.map(({ code, subject }) => `${code} ${subject}`);

describe('a live claim after', () => {
  it.each(CASES)(
    '%s stays the only one, and its holder can finish (%s)',
    async (_, way, ...how) => {
      const [isCommitted, undo] = how;
      const { cwd, id, token, json, exitBy } = await claimed(isCommitted);
      undo(cwd);
      expect(await exitBy(way, ['issue', 'claim', id, 'two', '--ttl', '600'])).toBe(6);
      expect(await exitBy(way, ['issue', 'claim-next', 'two'])).toBe(3);
      expect(await exitBy(way, ['issue', 'update', id, '--state', 'done'])).toBe(6);
      expect(await json(['issue', 'show', id])).toMatchObject({
        state: 'in_progress',
        assignee: 'one',
        attempt: 1,
      });
      expect(codesOf(await json(['validate']))).toEqual([`CLAIM_UNDONE_BY_GIT ${id}`]);
      expect(await exitBy(way, ['issue', 'heartbeat', id, '--claim', token])).toBe(0);
      expect(await exitBy(way, ['issue', 'update', id, '--state', 'done', '--claim', token])).toBe(
        0,
      );
      expect(await json(['issue', 'show', id])).toMatchObject({ state: 'done', attempt: 1 });
      expect(codesOf(await json(['validate']))).toEqual([]);
      expect(mismatches(trackerFacts(cwd))).toEqual([]);
    },
  );

  it.each(CASES)('%s ends with its lease (%s)', async (_, way, ...how) => {
    const [isCommitted, undo] = how;
    const { cwd, id, token, json, setClock, exitBy } = await claimed(isCommitted);
    undo(cwd);
    setClock({ offset_secs: 601 });
    expect(await exitBy(way, ['issue', 'claim', id, 'two', '--ttl', '600'])).toBe(0);
    expect(await json(['issue', 'show', id])).toMatchObject({ assignee: 'two', attempt: 2 });
    expect(await exitBy(way, ['issue', 'update', id, '--state', 'done', '--claim', token])).toBe(7);
    expect(codesOf(await json(['validate']))).toEqual([]);
    expect(mismatches(trackerFacts(cwd))).toEqual([]);
  });

  it('git stash and git stash pop is what it was', async () => {
    const { cwd, id, token, json } = await claimed(false);
    git(cwd, 'stash');
    await json(['issue', 'claim', id, 'two'], 6);
    git(cwd, 'stash', 'pop');
    expect(codesOf(await json(['validate']))).toEqual([]);
    await json(['issue', 'claim', id, 'two'], 6);
    await json(['issue', 'update', id, '--state', 'done', '--claim', token]);
    expect(codesOf(await json(['validate']))).toEqual([]);
  });
});

describe.each(WAYS)('git clean -fdx, then %s', (way: Way) => {
  it.each([
    ['in the working tree', false],
    ['committed', true],
  ])('deletes .jit/local and takes nothing from a claim that is %s', async (_, isCommitted) => {
    const { cwd, id, token, json, exitBy, setClock } = await claimed(isCommitted);
    setClock({ offset_secs: 500 });
    git(cwd, 'clean', '-fdx');
    expect(existsSync(join(cwd, '.jit', 'local'))).toBe(false);
    expect(await exitBy(way, ['issue', 'claim', id, 'two'])).toBe(6);
    // One full term from the first look on.
    setClock({ offset_secs: 1050 });
    expect(await exitBy(way, ['issue', 'claim', id, 'two'])).toBe(6);
    expect(await exitBy(way, ['issue', 'update', id, '--state', 'done', '--claim', token])).toBe(0);
    expect(codesOf(await json(['validate']))).toEqual([]);
  });

  it('after git reset --hard leaves no trace of the claim: it is lost, and its token is refused', async () => {
    const { cwd, id, token, json, exitBy } = await claimed(false);
    git(cwd, 'reset', '--hard');
    git(cwd, 'clean', '-fdx');
    expect(await exitBy(way, ['issue', 'heartbeat', id, '--claim', token])).toBe(7);
    expect(await exitBy(way, ['issue', 'claim', id, 'two', '--ttl', '600'])).toBe(0);
    expect(await exitBy(way, ['issue', 'update', id, '--state', 'done', '--claim', token])).toBe(7);
    expect(await json(['issue', 'show', id])).toMatchObject({ assignee: 'two', attempt: 1 });
    expect(codesOf(await json(['validate']))).toEqual([]);
  });

  it('where .jit was never added to git deletes the tracker: exit 3 says so', async () => {
    const { cwd, create, json, exitBy, run } = await leaseTracker();
    git(cwd, 'init');
    git(cwd, 'commit', '--allow-empty', '-m', 'nothing');
    const id = await create('x');
    const { claim } = await json(['issue', 'claim', id, 'one', '--ttl', '600']);
    git(cwd, 'clean', '-fdx');
    expect(existsSync(join(cwd, '.jit'))).toBe(false);
    const argv = ['issue', 'update', id, '--state', 'done', '--claim', claim.token];
    expect(await exitBy(way, argv)).toBe(3);
    const { stdout } = await run([...argv, '--json']);
    expect(JSON.parse(stdout).error.code).toBe('NOT_A_TRACKER');
  });
});

describe('a lease that ended before git set its file back', () => {
  it('is still resumed by a heartbeat if nobody took the issue', async () => {
    const { cwd, id, token, json, setClock } = await claimed(false);
    setClock({ offset_secs: 601 });
    await json(['issue', 'comment', id, 'a write that notes the end']);
    git(cwd, 'reset', '--hard');
    expect(await json(['issue', 'heartbeat', id, '--claim', token])).toMatchObject([
      { attempt: 1, resumed: true },
    ]);
    expect(await json(['issue', 'show', id])).toMatchObject({ assignee: 'one', attempt: 1 });
    await json(['issue', 'update', id, '--state', 'done', '--claim', token]);
    expect(codesOf(await json(['validate']))).toEqual([]);
    expect(mismatches(trackerFacts(cwd))).toEqual([]);
  });
});

describe('an issue whose file git took away', () => {
  it('is not found, and held again when the file is back', async () => {
    const { cwd, create, json } = await leaseTracker();
    git(cwd, 'init');
    commitAll(cwd, 'no issue yet');
    const id = await create('x');
    const { claim } = await json(['issue', 'claim', id, 'one', '--ttl', '600']);
    git(cwd, 'stash', '-u');
    await json(['issue', 'claim', id, 'two'], 3);
    await json(['issue', 'update', id, '--state', 'done', '--claim', claim.token], 3);
    expect(codesOf(await json(['validate']))).toEqual([`CLAIM_UNDONE_BY_GIT ${id}`]);
    git(cwd, 'stash', 'pop');
    await json(['issue', 'claim', id, 'two'], 6);
    await json(['issue', 'update', id, '--state', 'done', '--claim', claim.token]);
    expect(codesOf(await json(['validate']))).toEqual([]);
  });
});
