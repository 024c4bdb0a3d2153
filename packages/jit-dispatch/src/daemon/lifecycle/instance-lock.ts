import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { delay, uptimeMs } from '../../keeper/clock.ts';
import { identityOf, isAlive } from '../../keeper/identity.ts';
import { readRecord, writeRecord } from '../../keeper/records.ts';
import { type FileLock, tryFileLock } from '../../ledger/file-lock.ts';
import { ledgerError } from '../../ledger/ledger-error.ts';
import type { ProcessIdentity } from '../../run-records.ts';

/** Who dispatches under a name. */
export interface Holder extends ProcessIdentity {
  readonly since: string;
  readonly command: 'start' | 'once';
}

const RETRY_MS = 50;

/**
 * Takes the lock of a dispatcher's folder. Waits for a `once`, which ends soon; not for a `start`.
 * @throws JitError `DISPATCHER_RUNNING` (exit 75), `LEDGER_UNUSABLE` (exit 10)
 */
export async function takeInstanceLock(
  folder: string,
  { command, since, timeoutMs }: { command: Holder['command']; since: string; timeoutMs: number },
): Promise<FileLock> {
  const deadline = uptimeMs() + timeoutMs;
  for (;;) {
    const lock = tryFileLock(join(folder, 'lock.db'));
    if (lock !== null) {
      try {
        const self = identityOf(process.pid);
        if (self !== null)
          writeRecord(holderFile(folder), { ...self, since, command } satisfies Holder);
      } catch (error) {
        lock.release();
        throw ledgerError(holderFile(folder), error);
      }
      return lock;
    }
    const holder = readHolder(folder);
    if (holder?.command === 'start' || uptimeMs() >= deadline) throw runningError(folder, holder);
    await delay(RETRY_MS);
  }
}

/** The dispatcher that runs in this folder, or null. */
export function readHolder(folder: string): Holder | null {
  const holder = readRecord<Holder>(holderFile(folder));
  return holder !== null && isAlive(holder) ? holder : null;
}

function holderFile(folder: string): string {
  return join(folder, 'holder.json');
}

function runningError(folder: string, holder: Holder | null): JitError {
  const who = holder
    ? `pid ${holder.pid}, \`${holder.command}\` since ${holder.since}`
    : 'pid unknown';
  return new JitError(
    'lock_timeout',
    'DISPATCHER_RUNNING',
    `a dispatcher of this name is running already (${who})`,
    {
      hint: 'stop it, wait for it, or start this one with another --name',
      details: { folder, pid: holder?.pid ?? null, since: holder?.since ?? null },
    },
  );
}
