import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findMarked } from '../src/keeper/identity.ts';
import { KEEPER_STEPS } from '../src/keeper/keep.ts';
import { createRepository } from './repository.ts';
import { runFolders } from './run-folders.ts';
import { until } from './until.ts';

const AGENT = '[[agents]]\nid = "a"\ncompletion = "exit"\ncommand = "./work"\n';

describe('a keeper killed at any step leaves no agent behind', () => {
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
