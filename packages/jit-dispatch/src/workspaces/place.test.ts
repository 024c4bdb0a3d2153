import { idProblem } from '@jit/contract/ids';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { branchKey, placeProblem, workspaceKey } from './place.ts';

test('the name of a workspace is the id where that is safe; else no other issue has the same', () => {
  expect(workspaceKey('abc123')).toBe('abc123');
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.constantFrom('..', '.', '', '.git', '-x'),
  );
  fc.assert(
    fc.property(text, text, (a, b) => {
      const key = workspaceKey(a);
      expect(key).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
      expect(key.length).toBeLessThan(150);
      if (a !== b) expect(workspaceKey(b)).not.toBe(key);
      if (idProblem(a) === null) expect(key).toBe(a);
    }),
  );
});

test('what stands for an issue in a branch is what git takes', () => {
  expect(branchKey('abc123')).toBe('abc123');
  for (const id of ['a..b', 'a.lock', 'a...lock', 'b_'])
    expect(branchKey(id)).not.toMatch(/\.\.|\.lock$|\.$/);
  expect(branchKey('a..b')).not.toBe(branchKey('a_b'));
});

test('a root keeps clear of the repository and of .jit', () => {
  const around = { repository: '/r', jit_dir: '/r/.jit' };
  expect(placeProblem('/w', '/w/i', around)).toBeNull();
  expect(placeProblem('/r/w', '/r/w/i', around)).toBeNull();
  for (const [root, path] of [
    ['/r', '/r/i'],
    ['/r/.jit', '/r/.jit/i'],
    ['/r/.jit/w', '/r/.jit/w/i'],
    ['/r/.git/w', '/r/.git/w/i'],
    ['/', '/r'],
    ['/w', '/w/a/i'],
    ['/w', '/i'],
  ] as const)
    expect(placeProblem(root, path, around), root).not.toBeNull();
});
