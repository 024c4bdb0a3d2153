import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutputLog } from './output-log.ts';
import { listSegments, readOutputTail, segmentName } from './output-segments.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sum = () =>
  readdirSync(folder).reduce((all, name) => all + statSync(join(folder, name)).size, 0);
const read = (index: number) => readFileSync(join(folder, segmentName(index)), 'utf8');

function write(cap: number, chunks: readonly string[]): void {
  const log = openOutputLog(folder, cap);
  for (const chunk of chunks) {
    log.write(Buffer.from(chunk));
    expect(sum()).toBeLessThanOrEqual(cap);
  }
  log.close();
}

test('what fits is kept as it came, for its owner only', () => {
  write(100, ['one ', 'two and a text that is longer', ' than a file']);
  expect(listSegments(folder)).toEqual([0, 1, 2]);
  expect(listSegments(folder).map(read).join('')).toBe(
    'one two and a text that is longer than a file',
  );
  for (const name of readdirSync(folder))
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('of what does not fit, the beginning and the newest are kept', () => {
  write(
    500,
    Array.from({ length: 1000 }, (_, at) => `line ${at}\n`),
  );
  expect(read(0)).toMatch(/^line 0\nline 1\n/);
  const kept = listSegments(folder);
  expect(kept).toHaveLength(5);
  const last = kept.at(-1) ?? 0;
  expect(kept).toEqual([0, last - 3, last - 2, last - 1, last]);
  expect(readOutputTail(folder, 18)).toBe('line 998\nline 999\n');
});

test('an output that can be written only for a while costs what came meanwhile, and says so', () => {
  mkdirSync(join(folder, segmentName(1)));
  const log = openOutputLog(folder, 250);
  log.write(Buffer.alloc(50, 'a'));
  log.write(Buffer.from('lost'));
  rmdirSync(join(folder, segmentName(1)));
  log.write(Buffer.from('back'));
  log.close();
  expect(readOutputTail(folder, 1000)).toBe(
    `${'a'.repeat(50)}\n[… 4 bytes could not be written …]\nback`,
  );
});

test('the end of a part is found in what is kept of it, however much came before and after', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 400 }), { minLength: 3, maxLength: 3 }),
      fc.nat({ max: 100 }),
      (lengths, bytes) => {
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
        const log = openOutputLog(folder, 250);
        const positions = lengths.map((length, at) => {
          log.write(Buffer.alloc(length, 'abc'[at]));
          return log.position();
        });
        log.close();
        const [from = 0, to = 0] = positions;
        expect(positions.at(-1)).toBe(lengths.reduce((sum, length) => sum + length, 0));
        const kept = listSegments(folder).map(read).join('').match(/b/g) ?? [];
        expect(readOutputTail(folder, bytes, { from, to })).toBe(
          'b'.repeat(Math.min(bytes, kept.length)),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('no output exceeds the cap, however it is cut, and nothing that is kept is changed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 25, max: 500 }),
      fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), { maxLength: 20 }),
      (cap, chunks) => {
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
        write(cap, chunks);
        const all = chunks.join('');
        const segment = Math.floor(cap / 5);
        for (const index of listSegments(folder))
          expect(read(index)).toBe(all.slice(index * segment, (index + 1) * segment));
        expect(readOutputTail(folder, segment)).toBe(all.slice(-segment));
      },
    ),
    { numRuns: 50 },
  );
});
