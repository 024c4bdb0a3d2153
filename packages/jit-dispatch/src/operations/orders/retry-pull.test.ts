import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { openLedger } from '../../ledger/ledger.ts';
import type { PullChange } from '../../ledger/pulls.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { retryPull } from './retry-pull.ts';

const AT = '2026-11-20T10:00:00.000Z';

/** A ledger with the runs `with1`, which has a pull request, and `none1`. */
function setUp(change: PullChange = {}, pullRequest: object | null = {}) {
  const folder = tempFolder();
  const ledger = openLedger(join(folder, 'ledger.db'));
  onTestFinished(() => ledger.close());
  ledger.create([someRun({ run: 'with1', issue: 'i1' }), someRun({ run: 'none1', issue: 'i2' })]);
  ledger.recordEnd(
    'with1',
    { type: 'completed', at: AT },
    { state: 'completed', ended_at: AT },
    {
      ...{ run: 'with1', issue: 'i1', title: 'One', repository: folder, workspace: folder },
      ...{ branch: 'jit/i1', base: 'b1', head: 'c1', created_at: AT },
    },
  );
  ledger.changePull('with1', change);
  const site = { folder, repository: '' } as Site;
  const workbench = {
    setup: { environment: { PATH: process.env.PATH, JIT_ACTOR: 'ana' } },
    config: { pullRequest },
    name: 'test',
    folder,
    sites: [site],
    now: () => new Date(AT),
    readLedger: async () => ledger,
  } as unknown as Workbench;
  return { folder, ledger, ask: (run: string) => retryPull(workbench, { run }) };
}

const FAILED = { state: 'failed', error: 'refused', tries: 3, ended_at: AT } as const;

test('one that failed is due again, for whoever makes pull requests next', async () => {
  const { ledger, ask } = setUp(FAILED);
  expect(ledger.openPulls()).toEqual([]);
  expect(await ask('with')).toMatchObject({
    ...{ kind: 'retry_pull', issue: 'i1', run: 'with1', changed: true, outcome: 'queued' },
    ...{ detail: 'the next `once` or `start` tries again', left_to: null },
  });
  expect(ledger.openPulls()).toMatchObject([
    { run: 'with1', state: 'queued', head: 'c1', error: null, tries: 0, next_try_at: null },
  ]);
  expect(ledger.recordsOf('with1', 'pull_request_queued').at(-1)?.data).toEqual({
    ...{ branch: 'jit/i1', head: 'c1', who: 'ana' },
  });
});

test('without a table [pull_request] it says that it waits for one', async () => {
  const { detail } = await setUp(FAILED, null).ask('with1');
  expect(detail).toBe('it waits until there is a table [pull_request] again');
});

test.each<[PullChange, string]>([
  [{ state: 'queued' }, 'the pull request of run with1 is queued, not failed'],
  [
    { state: 'linked', url: 'https://forge/1', ended_at: AT },
    'the pull request of run with1 is linked (https://forge/1), not failed',
  ],
  [
    { state: 'nothing_to_merge', ended_at: AT },
    'the pull request of run with1 is nothing to merge, not failed',
  ],
])('%j is refused, and stays', async (change, message) => {
  const { ledger, ask } = setUp(change);
  const before = ledger.pull('with1');
  await expect(ask('with1')).rejects.toMatchObject({
    ...{ kind: 'invalid', code: 'INVALID_REQUEST', message },
    hint: 'nothing was changed; jit-dispatch show with1 tells what became of the run',
  });
  expect(ledger.pull('with1')).toEqual(before);
});

test('a run without one is refused, and one that is unknown is not found', async () => {
  const { ask } = setUp(FAILED);
  await expect(ask('none1')).rejects.toMatchObject({
    message: 'run none1 has no pull request, and gets none',
  });
  await expect(ask('zzzz')).rejects.toMatchObject({ kind: 'not_found', code: 'RUN_NOT_FOUND' });
});

test('of two who ask at once one is told that it is queued already', async () => {
  const { ledger, ask } = setUp(FAILED);
  const answers = await Promise.allSettled([ask('with1'), ask('with1')]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(ledger.recordsOf('with1', 'pull_request_queued')).toHaveLength(2);
});
