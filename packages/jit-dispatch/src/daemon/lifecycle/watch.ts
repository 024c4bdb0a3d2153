import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';

/** A watch on a tracker's folder. */
export interface TrackerWatch {
  close(): Promise<void>;
}

const DEBOUNCE_MS = 50;

/**
 * Calls back when something changed in `.jit/`. Every change by `jit` is an event, so chokidar
 * watches the event log and the gates; the folder of issues, which may hold a hundred thousand
 * files that chokidar would all look at, is watched as a folder only, for git and editors.
 */
export async function watchTracker(
  jitDir: string,
  onChange: () => void,
  onError: (error: unknown) => void,
): Promise<TrackerWatch> {
  const { watch } = await import('chokidar');
  let timer: NodeJS.Timeout | undefined;
  const announce = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, DEBOUNCE_MS);
  };
  const log = watch([join(jitDir, 'events'), join(jitDir, 'gates'), join(jitDir, 'config.toml')], {
    ignoreInitial: true,
    depth: 0,
  });
  log.on('all', announce).on('error', onError);
  const issues = watchIssues(join(jitDir, 'issues'), announce);
  await new Promise<void>((resolve) => log.once('ready', resolve));
  return {
    async close() {
      clearTimeout(timer);
      issues?.close();
      await log.close();
    },
  };
}

function watchIssues(folder: string, announce: () => void): FSWatcher | null {
  try {
    return watchFolder(folder, { persistent: false }, announce).on('error', () => {});
  } catch {
    // Polling sees it all the same.
    return null;
  }
}
