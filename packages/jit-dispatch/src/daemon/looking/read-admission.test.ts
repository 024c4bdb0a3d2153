import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { type Machine, readAdmission } from './read-admission.ts';

const GB = 1024 ** 3;
const machine = (facts: { free?: number; size?: number; load?: number } = {}): Machine => ({
  disk: async () => ({ free: facts.free ?? 100 * GB, size: facts.size ?? 1000 * GB }),
  load: () => facts.load ?? 0,
  processors: () => 4,
});
const limits = { minFreeDiskMb: 2048, minFreeDiskPercent: 5, maxLoadPerCpu: 0 };

test('the smaller of both limits counts: megabytes on a large disk, percent on a small one', async () => {
  const why = (free: number, size: number) =>
    readAdmission(limits, '/', machine({ free: free * GB, size: size * GB }));
  expect(await why(2, 1000)).toBeNull();
  expect(await why(1.9, 1000)).toContain('1945 MB free on the disk of /, 2048 MB are wanted');
  expect(await why(0.6, 10)).toBeNull();
  expect(await why(0.4, 10)).toContain('512 MB are wanted');
});

test('a load is too high above so much per processor, and is not asked for where the limit is off', async () => {
  const why = (load: number, maxLoadPerCpu: number) =>
    readAdmission({ ...limits, maxLoadPerCpu }, '/', machine({ load }));
  expect(await why(99, 0)).toBeNull();
  expect(await why(6, 1.5)).toBeNull();
  expect(await why(6.1, 1.5)).toBe('load 6.10, at most 6.00 on 4 processors');
});

test('a disk that does not answer keeps nothing from being started', async () => {
  const deaf = { ...machine(), disk: () => Promise.reject(new Error('no')) };
  expect(await readAdmission(limits, '/', deaf)).toBeNull();
});

test('this machine answers, also for a folder that is not there yet', async () => {
  const folder = join(tempFolder(), 'a', 'b');
  expect(await readAdmission({ ...limits, minFreeDiskMb: 0 }, folder)).toBeNull();
  const all = { minFreeDiskMb: 1e12, minFreeDiskPercent: 100, maxLoadPerCpu: 0 };
  expect(await readAdmission(all, folder)).toContain(`on the disk of ${folder}`);
});
