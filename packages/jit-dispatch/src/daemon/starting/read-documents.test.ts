import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { readDocuments } from './read-documents.ts';

/** A repository with a document, beside something that nobody may read. */
function folders() {
  const outer = tempFolder();
  const root = join(outer, 'repo');
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(outer, 'secret'), 'SECRET');
  writeFileSync(join(root, 'docs', 'a.md'), 'text of a');
  return { outer, root };
}

test('documents of the repository are read, also through links that stay inside', () => {
  const { root } = folders();
  symlinkSync('a.md', join(root, 'docs', 'link.md'));
  symlinkSync('docs', join(root, 'linked'));
  const paths = ['docs/a.md', './docs/../docs/a.md', 'docs/link.md', 'linked/a.md'];
  for (const { text, problem } of readDocuments(root, [...paths, join(root, 'docs/a.md')]))
    expect({ text, problem }).toEqual({ text: 'text of a', problem: null });
});

test('what is or leads outside, is inside of .jit or .git, or is no text is named and never read', () => {
  const { outer, root } = folders();
  const inRoot = (path: string) => join(root, path);
  symlinkSync(join(outer, 'secret'), inRoot('link'));
  symlinkSync(outer, inRoot('up'));
  symlinkSync('loop', inRoot('loop'));
  for (const each of ['.git', '.jit', '.jit-dispatch']) {
    mkdirSync(inRoot(each));
    linkSync(join(outer, 'secret'), inRoot(`${each}/config`));
  }
  symlinkSync('.git/config', inRoot('inner'));
  writeFileSync(inRoot('binary'), 'a\0b');
  execFileSync('mkfifo', [inRoot('pipe')]);
  const cases = [
    ['../secret', 'it is outside of the repository'],
    [join(outer, 'secret'), 'it is outside of the repository'],
    ['/etc/passwd', 'it is outside of the repository'],
    ['.', 'it is outside of the repository'],
    ['.git/config', 'it is outside of the repository'],
    ['docs/../.jit/config', 'it is outside of the repository'],
    ['.jit-dispatch/config', 'it is outside of the repository'],
    ['link', 'it leads out of the repository'],
    ['up/secret', 'it leads out of the repository'],
    ['inner', 'it leads out of the repository'],
    ['loop', 'ELOOP'],
    ['pipe', 'it is no regular file'],
    ['docs', 'it is no regular file'],
    ['binary', 'it is no text'],
    ['none.md', 'it does not exist here'],
    ['docs/a.md/x', 'it does not exist here'],
    ['a\0b', 'ERR_INVALID_ARG_VALUE'],
  ] as const;
  const read = readDocuments(
    root,
    cases.map(([path]) => path),
  );
  expect(read).toEqual(
    cases.map(([path, why]) => ({ path, text: null, problem: `(not read: ${why})` })),
  );
  console.log(`${cases.length} documents that are none: all named, none read`);
});

test('long documents are cut, and so is the number of them', () => {
  const { root } = folders();
  writeFileSync(join(root, 'long.md'), 'ä'.repeat(100_000));
  const [first, , , , fifth] = readDocuments(
    root,
    Array.from({ length: 5 }, () => 'long.md'),
  );
  expect(first?.text).toMatch(/^ä+\n\[… 134464 bytes are left out …\]$/);
  expect(fifth).toMatchObject({
    text: null,
    problem: '(not read: the others have 256 KiB already)',
  });
  const many = readDocuments(
    root,
    Array.from({ length: 25 }, () => 'docs/a.md'),
  );
  expect(many.filter(({ text }) => text !== null)).toHaveLength(20);
});
