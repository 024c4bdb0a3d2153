import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBeadsSource, readJustInTimeSource } from './read-source.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jit-source-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string | Uint8Array): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

it('reads a beads file, a .beads folder and the folder around it', () => {
  const file = put('.beads/issues.jsonl', '{}');
  const expected = { path: file, text: '{}' };
  expect(readBeadsSource(file)).toEqual(expected);
  expect(readBeadsSource(join(root, '.beads'))).toEqual(expected);
  expect(readBeadsSource(root)).toEqual(expected);
});

it.each(['.jit', 'data', '.'])('finds the issues of just-in-time in %s', (folder) => {
  put(join(folder, 'issues/a1.json'), '{}');
  put(join(folder, 'issues/a1.json.lock'), '');
  put(join(folder, 'config.toml'), 'x = 1');
  put(join(folder, 'gate-runs/r1/result.json'), '{}');
  expect(readJustInTimeSource(root)).toEqual([
    { path: 'config.toml', text: null },
    { path: 'gate-runs', text: null },
    { path: 'issues/a1.json', text: '{}' },
    { path: 'issues/a1.json.lock', text: null },
  ]);
});

it('says what it looked for', () => {
  const missing = join(root, 'nowhere');
  expect(() => readBeadsSource(missing)).toThrow(expect.objectContaining({ kind: 'not_found' }));
  expect(() => readJustInTimeSource(missing)).toThrow(
    expect.objectContaining({ kind: 'not_found' }),
  );
  expect(() => readBeadsSource(root)).toThrow(/issues\.jsonl/);
  expect(() => readJustInTimeSource(root)).toThrow(/\.jit\/issues/);
});

it('refuses the wrong kind of file', () => {
  const invalid = expect.objectContaining({ kind: 'invalid' });
  expect(() => readJustInTimeSource(put('a.jsonl', ''))).toThrow(invalid);
  expect(() => readBeadsSource(put('beads.db', 'SQLite format 3\0'))).toThrow(invalid);
  expect(() => readBeadsSource(put('b.jsonl', Uint8Array.of(0x7b, 0xff, 0x7d)))).toThrow(/UTF-8/);
});
