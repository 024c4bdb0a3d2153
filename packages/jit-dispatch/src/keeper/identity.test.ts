import { expect, test } from 'vitest';
import { identityOf, isAlive, isReused } from './identity.ts';

test('this process is alive under its own identity', () => {
  const self = identityOf(process.pid);
  expect(self).not.toBeNull();
  expect(self && isAlive(self)).toBe(true);
  expect(self && isReused(self)).toBe(false);
});

test('a process that has our pid is not us', () => {
  const self = identityOf(process.pid);
  if (self === null) throw new Error('no identity');
  const other = { ...self, start_time: 'earlier' };
  expect(isAlive(other)).toBe(false);
  expect(isReused(other)).toBe(true);
  const before = { ...self, boot_id: 'before the reboot' };
  expect(isAlive(before)).toBe(false);
  expect(isReused(before)).toBe(true);
});

test('a pid nobody has names nobody', () => {
  expect(identityOf(2 ** 22 + 1)).toBeNull();
});
