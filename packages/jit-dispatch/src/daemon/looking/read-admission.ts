import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { dirname } from 'node:path';
import type { OperatingConfig } from '../../config/operating.ts';

/** What a machine says about itself. */
export interface Machine {
  /** The disk that a folder is on, in bytes. */
  disk(folder: string): Promise<{ readonly free: number; readonly size: number }>;
  /** Load of the last minute. */
  load(): number;
  processors(): number;
}

/** The machine this runs on. */
export const THIS_MACHINE: Machine = {
  async disk(folder) {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, size: blocks * bsize };
  },
  load: () => loadavg()[0] ?? 0,
  processors: availableParallelism,
};

const MB = 1024 * 1024;

/**
 * Why the machine takes no more work, or null: the disk of the dispatcher's folder is nearly full, or the
 * load is too high. A disk that can't be asked is no reason: what is written to it says what is wrong.
 */
export async function readAdmission(
  { minFreeDiskMb, minFreeDiskPercent, maxLoadPerCpu }: OperatingConfig['admission'],
  folder: string,
  machine: Machine = THIS_MACHINE,
): Promise<string | null> {
  const disk = await machine.disk(existing(folder)).catch(() => null);
  if (disk !== null) {
    const wanted = Math.min(minFreeDiskMb * MB, (disk.size * minFreeDiskPercent) / 100);
    if (disk.free < wanted)
      return `${inMb(disk.free)} MB free on the disk of ${folder}, ${inMb(wanted)} MB are wanted`;
  }
  const most = maxLoadPerCpu * machine.processors();
  const load = machine.load();
  if (maxLoadPerCpu > 0 && load > most)
    return `load ${load.toFixed(2)}, at most ${most.toFixed(2)} on ${machine.processors()} processors`;
  return null;
}

function inMb(bytes: number): number {
  return Math.floor(bytes / MB);
}

/** The folder, or the nearest above it that there is: nothing may have been dispatched yet. */
function existing(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
