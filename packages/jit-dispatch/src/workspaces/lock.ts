import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isAlive } from '../keeper/identity.ts';
import { createRecord, readRecord } from '../keeper/records.ts';
import type { ProcessIdentity } from '../run-records.ts';

/** A lock that is held, or who holds it. */
export type Lock =
  | { readonly isHeld: true; release(): void }
  | { readonly isHeld: false; readonly by: ProcessIdentity | null };

const NAME = /^lock-(\d+)\.json$/;

/**
 * Takes the lock of a folder, if nobody who lives has it. Locks are numbered: that of a holder who died
 * stays for good, and the next one is only made above it. So two who find the same dead holder want
 * the same name, which one of them gets, and nobody ever deletes the lock of another.
 */
export function takeLock(folder: string): Lock {
  const self = identityOf(process.pid);
  if (self === null) return { isHeld: false, by: null };
  const numbers = namesIn(folder).flatMap((name) => Number(NAME.exec(name)?.[1] ?? []));
  const last = Math.max(0, ...numbers.filter(Number.isSafeInteger));
  const path = (n: number) => join(folder, `lock-${n}.json`);
  if (last > 0) {
    const holder = readRecord<ProcessIdentity>(path(last));
    if (holder !== null && isAlive(holder)) return { isHeld: false, by: holder };
    // Released just now: what is highest is asked anew.
    if (holder === null && !existsSync(path(last))) return { isHeld: false, by: null };
  }
  const own = path(last + 1);
  if (!create(own, self)) return { isHeld: false, by: readRecord(own) };
  let isOurs = true;
  return {
    isHeld: true,
    release() {
      // Once: the next holder's lock has the same name.
      if (isOurs) rmSync(own, { force: true });
      isOurs = false;
    },
  };
}

/** The folder may go between two looks: whoever removed the workspace tidied up. */
function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function create(path: string, self: ProcessIdentity): boolean {
  try {
    return createRecord(path, self);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}
