import type { ProcessIdentity } from '../run-records.ts';
import { isAlive } from './identity.ts';

/** Signals a process if it is still the one that is meant. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
