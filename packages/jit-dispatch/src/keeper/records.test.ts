import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecord, readRecord, writeRecord } from './records.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-records-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a record is read as it was written, and can be replaced', () => {
  const path = join(folder, 'r.json');
  writeRecord(path, { a: 1 });
  writeRecord(path, { a: 2 });
  expect(readRecord(path)).toEqual({ a: 2 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('only the first creator succeeds, and nothing else is left behind', () => {
  const path = join(folder, 'r.json');
  expect(createRecord(path, { by: 1 })).toBe(true);
  expect(createRecord(path, { by: 2 })).toBe(false);
  expect(readRecord(path)).toEqual({ by: 1 });
  expect(readdirSync(folder)).toEqual(['r.json']);
});

test('what is absent, cut off or no object is no record', () => {
  expect(readRecord(join(folder, 'none.json'))).toBeNull();
  for (const text of ['', '{"a":', '7', 'null']) {
    writeFileSync(join(folder, 'bad.json'), text);
    expect(readRecord(join(folder, 'bad.json'))).toBeNull();
  }
});
