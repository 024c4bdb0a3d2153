import { readdirSync, readFileSync } from 'node:fs';

const POLL_MS = 20;

/**
 * Ends a process group: SIGTERM, and SIGKILL for what is left of it after the grace, in milliseconds,
 * which is waited for as long again. At once where nothing is left.
 */
export async function endGroup(leader: number | undefined, graceMs: number): Promise<void> {
  if (leader === undefined || !isAlive(leader)) return;
  signalGroup(leader, 'SIGTERM');
  // A stopped process takes the signal only when it goes on.
  signalGroup(leader, 'SIGCONT');
  if (await ends(leader, graceMs)) return;
  signalGroup(leader, 'SIGKILL');
  await ends(leader, graceMs);
}

/** False if there is no such group. */
export function signalGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false;
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

/** A timer that can be waited for. */
export function timer(ms: number): { readonly done: Promise<null>; cancel(): void } {
  let handle: NodeJS.Timeout | undefined;
  const done = new Promise<null>((resolve) => {
    handle = setTimeout(() => resolve(null), ms);
  });
  return { done, cancel: () => clearTimeout(handle) };
}

async function ends(leader: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(leader)) {
    if (performance.now() >= deadline) return false;
    await timer(POLL_MS).done;
  }
  return true;
}

/** True if anything of the group still runs. What has ended and was never waited for does not, as in containers. */
function isAlive(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      // The name of the program, in parentheses, may hold anything.
      const fields = textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      return fields[2] === String(leader) && fields[0] !== 'Z' && fields[0] !== 'X';
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
