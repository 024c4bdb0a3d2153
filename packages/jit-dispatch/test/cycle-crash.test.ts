import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CYCLE_STEPS } from '../src/daemon/steps.ts';
import { createRepository, type Repository } from './repository.ts';
import { until } from './until.ts';

const AGENT = '[[agents]]\nid = "a"\ncapacity = 2\ncompletion = "exit"\ncommand = "./work"\n';

// At the other steps a record has just been written: see crash-matrix.test.ts.
const AFTER_RECORDS: readonly string[] = ['created', 'dispatched', 'settling', 'settled'];
const STEPS = CYCLE_STEPS.filter((step) => !AFTER_RECORDS.includes(step));

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

describe('a dispatcher killed between two records loses nothing and does nothing twice', () => {
  test.each(STEPS)('%s', async (step) => {
    const repository = await createRepository();
    const ids = [await repository.create('1'), await repository.create('2')];
    ids.push(await repository.create('3', '--dep', ids[0] ?? ''));
    repository.script('work', '#!/bin/sh\necho "$JIT_ISSUE_ID" >> worked\n');
    repository.configure(AGENT);
    const isSettling = step === 'told';
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
