import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listSegments, segmentName } from './output-segments.ts';
import { recordEnd } from './record-end.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-end-'));
  for (const index of [0, 3, 4, 5]) writeFileSync(join(folder, segmentName(index)), 'x');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Fails so many times before it succeeds. */
function writer(failures: number, code: string) {
  const write = () => {
    write.calls += 1;
    if (write.calls <= failures) throw Object.assign(new Error(code), { code });
  };
  write.calls = 0;
  return write;
}

test('a disk that is full is given room, and asked again until the end of the run is known', async () => {
  const write = writer(4, 'ENOSPC');
  let pauses = 0;
  await recordEnd(folder, write, async () => {
    pauses += 1;
  });
  expect([write.calls, pauses]).toEqual([5, 3]);
  expect(listSegments(folder)).toEqual([0, 5]);
});

test('it is not asked for ever, and any other error is told at once', async () => {
  const never = writer(Number.POSITIVE_INFINITY, 'ENOSPC');
  await expect(recordEnd(folder, never, async () => {})).rejects.toThrow('ENOSPC');
  expect(never.calls).toBe(600);
  const denied = writer(1, 'EACCES');
  await expect(recordEnd(folder, denied)).rejects.toThrow('EACCES');
  expect(denied.calls).toBe(1);
});
