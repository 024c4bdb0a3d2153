import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CYCLE_STEPS } from '../src/daemon/steps.ts';
import { findMarked } from '../src/keeper/identity.ts';
import { KEEPER_STEPS } from '../src/keeper/keep.ts';
import { createRepository, type Repository } from './repository.ts';
import { runFolders } from './run-folders.ts';
import { until } from './until.ts';

const AGENT = '[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "./work"\n';

/** Cycles until every issue is done. */
async function finish(repository: Repository): Promise<void> {
  await until('all issues done', async () => {
    await repository.once();
    return (await repository.issues()).every(({ state }) => state === 'done');
  });
}

const worked = (repository: Repository): string[] => {
  const file = join(repository.root, 'worked');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

describe.concurrent('a dispatcher killed at any step loses nothing and does nothing twice', () => {
  test.each(CYCLE_STEPS)('%s', async (step) => {
    const repository = await createRepository();
    const ids = [await repository.create('1'), await repository.create('2')];
    ids.push(await repository.create('3', '--dep', ids[0] ?? ''));
    repository.script('work', '#!/bin/sh\necho "$JIT_ISSUE_ID" >> worked\n');
    repository.configure(AGENT);
    const isSettling = ['settling', 'told', 'settled'].includes(step);
    if (isSettling) {
      await repository.once();
      await until('the agents ended', () => worked(repository).length === 2);
    }
    const crashed = await until('a cycle that gets there', async () => {
      const ended = await repository.crash({ JIT_DISPATCH_TEST_KILL_AT: step });
      return ended.signal === 'SIGKILL' ? ended : null;
    });
    expect(crashed.signal).toBe('SIGKILL');
    await finish(repository);
    expect(worked(repository).sort()).toEqual(ids.sort());
    expect(await repository.runs()).toEqual([]);
    for (const id of ids) expect((await repository.issue(id)).claim).toBeNull();
  });
});

describe.concurrent('a keeper killed at any step leaves no agent behind', () => {
  test.each(KEEPER_STEPS)('%s', async (step) => {
    const repository = await createRepository();
    const id = await repository.create('1');
    const isLate = step === 'ended' || step === 'recorded';
    repository.script(
      'work',
      `#!/bin/sh\necho "$JIT_ISSUE_ID" >> worked\n${isLate ? '' : 'sleep 300'}\n`,
    );
    repository.configure(AGENT);
    await repository.crash({ JIT_DISPATCH_TEST_KEEPER_KILL_AT: step });
    const [folder = ''] = runFolders(repository.root);
    const [run] = await until('the run is settled', async () => {
      await repository.once('--max-issues', '0');
      return (await repository.runs()).length === 0 ? repository.runs('--all') : null;
    });
    expect(findMarked('JIT_RUN_ID', basename(folder))).toEqual([]);
    if (step === 'recorded') {
      expect(run).toMatchObject({ state: 'completed' });
      expect(await repository.issue(id)).toMatchObject({ state: 'done' });
    } else {
      expect(run).toMatchObject({ state: 'lost', reason: 'keeper_died' });
      expect(await repository.issue(id)).toMatchObject({ state: 'open', claim: null, attempt: 1 });
    }
  });
});
