import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

test('folders of a tracker are made with those between, and stay', () => {
  const root = tempFolder();
  const path = join(root, 'local', 'tmp');
  makeFolder(root, path);
  mkdirSync(join(path, 'kept'));
  makeFolder(root, path);
  expect(existsSync(join(path, 'kept'))).toBe(true);
});

test('a tracker that is gone is not made anew', () => {
  const root = join(tempFolder(), '.jit');
  for (const path of [join(root, 'issues'), join(root, 'local', 'tmp')])
    expect(() => makeFolder(root, path)).toThrow(/is gone/);
  expect(existsSync(root)).toBe(false);
});
