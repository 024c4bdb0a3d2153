import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

describe('a gated issue whose gates are passed', () => {
  it('becomes done when what it depends on was finished outside', async () => {
    const { dir, json, run, create } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('x', '--gate', 'tests');
    const other = await create('y');
    expect((await run(['issue', 'update', id, '--state', 'done'])).exit).toBe(4);
    await json(['dep', 'add', id, other]);
    expect(await json(['gate', 'pass', id, 'tests'])).toMatchObject({ state: 'gated' });
    const path = join(dir, '.jit', 'issues', `${other}.json`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"state": "open"', '"state": "done"'));
    await create('any other write');
    expect(await json(['issue', 'show', id])).toMatchObject({ state: 'done' });
  });

  it('becomes done when it is deferred no longer', async () => {
    const { json, run, create } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('x', '--gate', 'tests');
    await run(['issue', 'update', id, '--state', 'done']);
    await json(['issue', 'update', id, '--defer-until', '2090-01-01']);
    expect(await json(['gate', 'pass', id, 'tests'])).toMatchObject({ state: 'gated' });
    await json(['issue', 'update', id, '--defer-until', 'none']);
    expect(await json(['issue', 'show', id])).toMatchObject({ state: 'done' });
  });
});

it('what a merge could not decide goes to the log with the next write of the issue', async () => {
  const { dir, json, create, file, events } = await tempTracker();
  const id = await create('x');
  const conflicts = [{ field: 'title', kept: 'a', other: 'b' }];
  const path = join(dir, '.jit', 'issues', `${id}.json`);
  writeFileSync(path, JSON.stringify({ ...file(id), conflicts }));
  await json(['issue', 'update', id, '--add-label', 'l']);
  expect(file(id).conflicts).toBeUndefined();
  const noted = events().filter(({ type }) => type === 'merge_conflict');
  expect(noted).toMatchObject([{ issue: id, field: 'title', kept: 'a', other: 'b' }]);
});
