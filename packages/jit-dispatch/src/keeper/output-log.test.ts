import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutputLog } from './output-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(cap: number, chunks: readonly string[]): string {
  const path = join(folder, 'output.log');
  const log = openOutputLog(path, cap);
  for (const chunk of chunks) log.write(Buffer.from(chunk));
  log.close();
  return readFileSync(path, 'utf8');
}

test('what fits is kept as it came, for its owner only', () => {
  expect(written(100, ['one ', 'two'])).toBe('one two');
  expect(statSync(join(folder, 'output.log')).mode & 0o777).toBe(0o600);
});

test('of what does not fit, the beginning and the end are kept, and the gap is named', () => {
  const lines = Array.from({ length: 1000 }, (_, at) => `line ${at}\n`);
  const text = written(400, lines);
  expect(text.length).toBeLessThanOrEqual(400);
  expect(text).toMatch(/^line 0\nline 1\n/);
  expect(text).toMatch(/line 998\nline 999\n$/);
  expect(text).toMatch(/\[… \d+ bytes left out …\]/);
});

test('no output exceeds the cap, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 500 }),
      fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), { maxLength: 20 }),
      (cap, chunks) => {
        const all = chunks.join('');
        const text = written(cap, chunks);
        if (all.length <= cap) return text === all;
        const isHead = text.startsWith(all.slice(0, Math.ceil(cap / 2)));
        return isHead && Buffer.byteLength(text) <= cap && text.endsWith(all.slice(-20));
      },
    ),
  );
});
