import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRepository } from './repository.ts';

test('an issue whose claim is refused for good is asked for once per change, and says why it waits', async () => {
  const repository = await createRepository();
  const broken = await repository.create('One');
  const fine = await repository.create('Two');
  repository.configure(
    '[[agents]]\nid = "a"\ncapacity = 9\ncompletion = "exit"\ncommand = "true"\n',
  );
  const edit = (from: string, to: string) => {
    const file = join(repository.root, `.jit/issues/${broken}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  };
  const tries = () => repository.runs('--all', '--issue', broken);
  // By hand: `jit` lists such an issue and changes nothing in it.
  edit('"One"', '"One\\nand more"');

  const first = await repository.once();
  expect(first.lost).toMatchObject([{ issue: broken, code: 'INVALID_FIELD' }]);
  expect(first.started).toMatchObject([{ issue: fine }]);
  for (const _ of [1, 2]) {
    const { decisions, lost } = await repository.once();
    expect(lost).toEqual([]);
    expect(decisions.filter(({ issue }) => issue === broken)).toMatchObject([
      { action: 'wait', reason: 'claim_refused' },
    ]);
    const [wait] = decisions;
    expect(wait?.detail).toContain('it has more than one line (INVALID_FIELD)');
  }
  expect(await tries()).toHaveLength(1);

  edit('"description": ""', '"description": "changed, but not better"');
  expect((await repository.once()).lost).toHaveLength(1);
  expect((await repository.once()).lost).toEqual([]);
  expect(await tries()).toHaveLength(2);

  edit('"One\\nand more"', '"One"');
  expect((await repository.once()).started).toMatchObject([{ issue: broken }]);
  console.log('6 cycles, 2 changes: a broken issue was asked for 2 times, then started');
});
