import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, onTestFinished, test } from 'vitest';
import { watchPaths } from './watch-paths.ts';

/** Longer than any test takes: what resolves, resolves because of a change. */
const NEVER_MS = 2 ** 31 - 1;

function watching(...paths: string[]) {
  const watch = watchPaths(paths);
  onTestFinished(() => watch.close());
  return watch;
}

describe('a watch', () => {
  test('tells of a file that appears, changes or vanishes', async () => {
    const folder = tempFolder();
    const file = join(folder, 'a.json');
    for (const change of [
      () => writeFileSync(file, '1'),
      () => writeFileSync(file, '2'),
      () => rmSync(file),
    ]) {
      const watch = watching(folder);
      change();
      await watch.changed(NEVER_MS);
      watch.close();
    }
  });

  test('tells of what happened before it was asked', async () => {
    const folder = tempFolder();
    const other = tempFolder();
    const watch = watching(folder, other);
    writeFileSync(join(other, 'a'), '');
    await new Promise((resolve) => setImmediate(resolve));
    await watch.changed(NEVER_MS);
  });

  test('tells of a folder that is taken away', async () => {
    const folder = join(tempFolder(), 'issues');
    mkdirSync(folder);
    const watch = watching(folder);
    rmSync(folder, { recursive: true });
    await watch.changed(NEVER_MS);
  });

  test('resolves after its time where nothing can be watched', async () => {
    const watch = watching(join(tempFolder(), 'not there'));
    await watch.changed(10);
    await watch.changed(10);
  });

  test('never resolves once it is closed', async () => {
    const folder = tempFolder();
    const watch = watching(folder);
    let hasResolved = false;
    void watch.changed(1).then(() => {
      hasResolved = true;
    });
    watch.close();
    const other = watching(folder);
    writeFileSync(join(folder, 'a'), '');
    await other.changed(NEVER_MS);
    expect(hasResolved).toBe(false);
  });
});
