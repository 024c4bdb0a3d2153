import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf } from '../keeper/identity.ts';
import { takeLock } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const leave = (n: number, text: string) => writeFileSync(join(folder, `lock-${n}.json`), text);
const dead = JSON.stringify({ pid: process.pid, start_time: 'earlier', boot_id: 'another' });

test('one has it, until it is released; a second release takes nothing from the next', () => {
  const first = takeLock(folder);
  expect(first.isHeld).toBe(true);
  expect(takeLock(folder)).toMatchObject({ isHeld: false, by: { pid: process.pid } });
  if (first.isHeld) first.release();
  expect(takeLock(folder).isHeld).toBe(true);
  if (first.isHeld) first.release();
  expect(takeLock(folder).isHeld).toBe(false);
});

test('that of a holder who died is taken over, and stays: nobody can take it for free again', () => {
  leave(1, dead);
  leave(2, 'torn');
  const lock = takeLock(folder);
  expect(lock.isHeld).toBe(true);
  expect(takeLock(folder).isHeld).toBe(false);
  if (lock.isHeld) lock.release();
  expect(readdirSync(folder).sort()).toEqual(['lock-1.json', 'lock-2.json']);
});

test('below one that lives a dead one is no way in', () => {
  leave(1, dead);
  leave(2, JSON.stringify(identityOf(process.pid)));
  expect(takeLock(folder)).toMatchObject({ isHeld: false });
});

test('a folder that went in between is nothing to take', () => {
  expect(takeLock(join(folder, 'gone'))).toEqual({ isHeld: false, by: null });
  mkdirSync(join(folder, 'gone'));
  expect(takeLock(join(folder, 'gone')).isHeld).toBe(true);
});
