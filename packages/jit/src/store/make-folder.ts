import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuseGone } from './errors.ts';

/**
 * Makes a folder of a tracker and those between, never the tracker itself: where it was moved away
 * under a command, no empty one takes its place. One level at a time, because between a look whether
 * the tracker is there and a recursive mkdir it can go.
 * @throws NOT_A_TRACKER where the tracker is gone, else what the file system says
 */
export function makeFolder(root: string, path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return;
    refuseGone(root);
    if (code !== 'ENOENT' || dirname(path) === root) throw error;
    makeFolder(root, dirname(path));
    makeFolder(root, path);
  }
}
