import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readHolder, takeInstanceLock } from './instance-lock.ts';

const asked = { command: 'once', since: '2026-11-20T10:00:00.000Z', timeoutMs: 0 } as const;

test('a lock whose holder cannot be noted is refused in words, and free again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jit-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'holder.json/in-the-way'), { recursive: true });
  await expect(takeInstanceLock(folder, asked)).rejects.toMatchObject({ code: 'LEDGER_UNUSABLE' });
  rmSync(join(folder, 'holder.json'), { recursive: true });
  const lock = await takeInstanceLock(folder, asked);
  expect(readHolder(folder)).toMatchObject({ pid: process.pid, command: 'once' });
  lock.release();
});
