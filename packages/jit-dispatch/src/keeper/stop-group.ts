import type { ProcessIdentity } from '../run-records.ts';
import { delay, uptimeMs } from './clock.ts';
import { findMarked, isAlive, isGroupAlive, isReused } from './identity.ts';

const POLL_MS = 25;
const KILL_WAIT_MS = 2_000;

/**
 * Stops the process group that `leader` founded: SIGTERM, and SIGKILL for what is left after the
 * grace. Only for a group that cannot be another one: its leader runs, or the caller has seen
 * members of it without a break since the leader ran. Who the number names is asked anew before each
 * signal.
 * @param onSignal called right before the first signal, if one is needed
 */
export async function stopGroup(
  leader: ProcessIdentity,
  graceMs: number,
  onSignal: () => void = () => {},
): Promise<void> {
  const isRunning = () => !isReused(leader) && isGroupAlive(leader.pid);
  if (!isRunning()) return;
  onSignal();
  await stop((signal) => send(-leader.pid, signal), isRunning, graceMs);
}

/** Stops every process that carries the marker of a run, also those that left its group. */
export async function stopMarked(run: string, graceMs: number): Promise<number> {
  const found = findMarked('JIT_RUN_ID', run);
  await stop(
    (signal) => {
      for (const identity of found) if (isAlive(identity)) send(identity.pid, signal);
    },
    () => found.some(isAlive),
    graceMs,
  );
  return found.length;
}

async function stop(
  signal: (name: NodeJS.Signals) => void,
  isRunning: () => boolean,
  graceMs: number,
): Promise<void> {
  if (!isRunning()) return;
  signal('SIGTERM');
  if (await ends(isRunning, graceMs)) return;
  signal('SIGKILL');
  await ends(isRunning, KILL_WAIT_MS);
}

async function ends(isRunning: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = uptimeMs() + withinMs;
  for (;;) {
    if (!isRunning()) return true;
    if (uptimeMs() >= deadline) return false;
    await delay(POLL_MS);
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
