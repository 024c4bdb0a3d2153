import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FoundRepository, isDue, type WorkspaceUsage, whyKept } from './judge-workspace.ts';

const HOUR = 3_600_000;
const RETENTION = { keepFailedHours: 72, keepRejectedHours: 1 };
const CLEAN: FoundRepository = {
  where: '',
  problem: null,
  changes: 0,
  hidden: 0,
  underWay: null,
  locked: null,
  stashes: 0,
  unpushed: 0,
  hasSubmodules: false,
};

describe('a workspace is over', () => {
  const due = (usage: Partial<WorkspaceUsage>, hours: number) =>
    isDue(
      {
        kind: 'worktree',
        issue: 'open',
        isClaimed: false,
        hasLiveRun: false,
        usedAt: 0,
        changedAt: 0,
        ...usage,
      },
      RETENTION,
      hours * HOUR,
    ).is;

  test.each<[string, Partial<WorkspaceUsage>, number, string]>([
    ['when its issue is done, at once', { issue: 'done' }, 0, 'due'],
    ['not while a run is live', { issue: 'done', hasLiveRun: true }, 999, 'used'],
    ['not while somebody holds the issue', { issue: 'done', isClaimed: true }, 999, 'used'],
    ['not within three days of a run that did not finish', {}, 71.9, 'kept'],
    ['three days after it', {}, 72, 'due'],
    ['not when its issue waits for a person, before that', { issue: 'gated' }, 71, 'kept'],
    [
      'not within an hour of a rejection',
      { issue: 'rejected', changedAt: 10 * HOUR },
      10.9,
      'kept',
    ],
    ['an hour after it', { issue: 'rejected', changedAt: 10 * HOUR }, 11, 'due'],
    [
      'an hour after a late end of the last run',
      { issue: 'archived', usedAt: 9 * HOUR },
      10,
      'due',
    ],
    ['an hour after the last run of an issue that is gone', { issue: 'missing' }, 1, 'due'],
    ['for a plain folder when done', { kind: 'dir', issue: 'done' }, 0, 'due'],
    ['never for a plain folder of an unfinished issue', { kind: 'dir' }, 9_999, 'kept'],
    ['never for one of a rejected issue', { kind: 'dir', issue: 'rejected' }, 9_999, 'kept'],
  ])('%s', (_, usage, hours, is) => {
    expect(due(usage, hours)).toBe(is);
  });
});

describe('it is kept because', () => {
  test.each<[string, Partial<FoundRepository>]>([
    ['uncommitted: 2 files', { changes: 2 }],
    ['hidden from git: 1 file', { hidden: 1 }],
    ['not pushed or merged: 3 commits', { unpushed: 3 }],
    ['stashed: 1 change', { stashes: 1 }],
    ['a rebase is under way', { underWay: 'a rebase' }],
    ['it is locked', { locked: '' }],
    ['it is locked: mine', { locked: 'mine' }],
    ['it holds submodules, which git does not remove', { hasSubmodules: true }],
    ["git can't tell what is in it: broken", { problem: 'broken' }],
    ['lib: uncommitted: 1 file', { where: 'lib', changes: 1 }],
  ])('%s', (because, facts) => {
    const repositories = [CLEAN, { ...CLEAN, ...facts }];
    expect(whyKept({ kind: 'worktree', repositories, users: [] })).toBe(because);
  });
  test('nothing of it is true: then it goes', () => {
    expect(whyKept({ kind: 'worktree', repositories: [CLEAN], users: [] })).toBeNull();
    expect(whyKept({ kind: 'dir', repositories: [], users: [] })).toBeNull();
  });
});

test('whatever is found: it goes only if every repository in it is clean, and nobody is in it', () => {
  const count = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(3));
  const word = fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, fc.constantFrom('', 'word'));
  const repository = fc.record({
    where: fc.constantFrom('', 'a', 'b'),
    problem: word,
    changes: count,
    hidden: count,
    underWay: word,
    locked: word,
    stashes: count,
    unpushed: count,
    hasSubmodules: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.boolean()),
  });
  const kind = fc.constantFrom('dir' as const, 'worktree' as const);
  let gone = 0;
  let kept = 0;
  fc.assert(
    fc.property(
      kind,
      fc.array(repository, { maxLength: 3 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(fc.nat(99), { maxLength: 2 })),
      (of, repositories, users) => {
        const isClean = repositories.every(
          (each) => JSON.stringify({ ...each, where: '' }) === JSON.stringify(CLEAN),
        );
        const isWhole = of === 'dir' || repositories.some(({ where }) => where === '');
        const goes = whyKept({ kind: of, repositories, users }) === null;
        expect(goes).toBe(isClean && isWhole && users.length === 0);
        if (goes) gone += 1;
        else kept += 1;
      },
    ),
    { numRuns: 3_000 },
  );
  expect(gone).toBeGreaterThan(100);
  console.log(`${gone + kept} workspaces judged: ${gone} go, all clean; ${kept} kept`);
});
