import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';

/** Notices changes at some paths, from the moment it was opened. */
export interface PathWatch {
  /**
   * Resolves once something changed, at once if it did already, or after so many milliseconds. Not
   * to be called again before that. After `close` it never resolves: who waited is gone.
   */
  changed(ms: number): Promise<void>;
  close(): void;
}

/** Changes that come in a burst, as a checkout makes them, are one: so many milliseconds are waited for the rest. */
const BURST_MS = 20;

/**
 * Watches folders (what appears in them, vanishes or changes, not deeper) and files. A path that
 * can't be watched is left out without a word, and some file systems tell nothing: whoever waits
 * has to look now and then as well.
 */
export function watchPaths(paths: readonly string[]): PathWatch {
  let hasChanged = false;
  let timer: NodeJS.Timeout | undefined;
  let wake = () => {};
  const note = () => {
    if (hasChanged) return;
    hasChanged = true;
    wake();
  };
  const watchers = paths.flatMap((path) => tryWatch(path, note));
  return {
    changed: (ms) =>
      new Promise((resolve) => {
        const resolveIn = (delay: number) => {
          clearTimeout(timer);
          timer = setTimeout(() => {
            hasChanged = false;
            resolve();
          }, delay);
        };
        wake = () => resolveIn(BURST_MS);
        resolveIn(hasChanged ? Math.min(ms, BURST_MS) : ms);
      }),
    close() {
      wake = () => {};
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function tryWatch(path: string, note: () => void): FSWatcher[] {
  try {
    // What goes wrong later may go wrong each time: waking for it would be polling.
    return [watch(path, note).on('error', () => {})];
  } catch {
    return [];
  }
}
