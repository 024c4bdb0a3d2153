import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { delay } from './clock.ts';
import { listSegments, segmentName } from './output-segments.ts';

const FULL: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT'];
const RETRY_MS = 1_000;
const TRIES = 600;

/**
 * Writes how the run ended, which nobody can find out later. On a full disk the run's own output makes
 * room for it, and it is tried again for ten minutes. Throws what `write` throws otherwise.
 */
export async function recordEnd(
  folder: string,
  write: () => void,
  pause: () => Promise<void> = () => delay(RETRY_MS),
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      write();
      return;
    } catch (error) {
      if (!FULL.includes((error as NodeJS.ErrnoException).code) || tried >= TRIES) throw error;
    }
    if (tried === 1) dropOutput(folder);
    else await pause();
  }
}

/** All but the beginning and the newest. */
function dropOutput(folder: string): void {
  for (const index of listSegments(folder).slice(1, -1))
    rmSync(join(folder, segmentName(index)), { force: true });
}
