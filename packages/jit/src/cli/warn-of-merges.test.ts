import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStoreLock } from '../../test/support/store-lock.ts';
import type { TempTracker } from '../../test/support/temp-tracker.ts';
import { tempTracker } from '../../test/support/temp-tracker.ts';

/** Changes an issue's file behind jit's back, as a merge does. */
function change(tracker: TempTracker, id: string, more: object): void {
  const path = join(tracker.dir, '.jit', 'issues', `${id}.json`);
  writeFileSync(path, `${JSON.stringify({ ...tracker.file(id), ...more }, null, 2)}\n`);
}

async function withCycle() {
  const tracker = await tempTracker();
  const [a, b] = [await tracker.create('a'), await tracker.create('b')];
  await tracker.json(['dep', 'add', a, b]);
  change(tracker, b, { dependencies: [a] });
  const [first, second] = [a, b].sort();
  return { tracker, a, b, path: `${first} → ${second} → ${first}` };
}

describe('a cycle that came from outside', () => {
  test('is told by each read and write until it is gone', async () => {
    const { tracker, a, b, path } = await withCycle();
    for (const line of ['query ready', 'query all', `issue comment ${a} x`, 'issue create c'])
      expect((await tracker.run(line)).stderr).toContain(path);
    expect((await tracker.run(['dep', 'rm', a, b])).stderr).toBe('');
    expect((await tracker.run('query all')).stderr).toBe('');
  });

  test('is told once by a batch', async () => {
    const { tracker, a, path } = await withCycle();
    const { stderr } = await tracker.batch([
      ['issue', 'comment', a, 'x'],
      ['query', 'all'],
      ['status'],
    ]);
    expect(stderr.split(path)).toHaveLength(2);
  });

  test('is told while another process has the lock, and where there is no index to be had', async () => {
    const { tracker, path } = await withCycle();
    const giveBack = openStoreLock(tracker.dir);
    expect((await tracker.run('query all')).stderr).toContain(path);
    giveBack();
    const local = join(tracker.dir, '.jit', 'local');
    rmSync(local, { recursive: true });
    writeFileSync(local, '');
    expect((await tracker.run('query all')).stderr).toContain(path);
    rmSync(local);
    mkdirSync(local);
    expect((await tracker.run('query all')).stderr).toContain(path);
  });

  test('is gone when the file is mended by hand', async () => {
    const { tracker, b, path } = await withCycle();
    expect((await tracker.run('query all')).stderr).toContain(path);
    change(tracker, b, { dependencies: [] });
    expect((await tracker.run('query all')).stderr).toBe('');
  });
});

describe('values that lost in a merge', () => {
  const conflicts = [{ field: 'title', kept: 'a', other: 'b' }];

  test('are noted by the next write, whatever it is about, also where the file holds what jit would refuse', async () => {
    const tracker = await tempTracker();
    const [a, b] = [await tracker.create('a'), await tracker.create('b')];
    change(tracker, a, { conflicts, labels: [' '] });
    expect((await tracker.json(['issue', 'show', a])).conflicts).toEqual(conflicts);
    await tracker.json(['issue', 'comment', b, 'x']);
    const noted = tracker.events().filter(({ type }) => type === 'merge_conflict');
    expect(noted).toMatchObject([{ issue: a, field: 'title', kept: 'a', other: 'b' }]);
    expect(tracker.file(a)).not.toHaveProperty('conflicts');
    expect(tracker.file(a).labels).toEqual([' ']);
  });

  test('are noted by a write that itself fails to change anything, and not lost by one that is refused', async () => {
    const tracker = await tempTracker();
    const a = await tracker.create('a');
    change(tracker, a, { conflicts });
    await tracker.fails('issue comment nosuch x');
    expect(tracker.file(a).conflicts).toEqual(conflicts);
    await tracker.json(['issue', 'update', a, '-p', 'normal']);
    expect(tracker.file(a)).not.toHaveProperty('conflicts');
    const path = join(tracker.dir, '.jit', 'issues', `${a}.json`);
    expect(readFileSync(path, 'utf8')).not.toContain('conflicts');
  });
});
