import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { LiveConfig } from '../../config/live-config.ts';

const DEBOUNCE_MS = 50;

/**
 * Calls back when the configuration is not what was last read. Its folders are watched, not its files,
 * which editors replace; what else changes there, and agents may work there, is told by a look at the files.
 */
export function watchConfig(live: LiveConfig, onChange: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const announce = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (live.hasChanged()) onChange();
    }, DEBOUNCE_MS);
  };
  const folders = [...new Set(live.sources().map((file) => dirname(file)))];
  const watches = folders.flatMap((folder) => watchFolder(folder, announce) ?? []);
  return {
    close() {
      clearTimeout(timer);
      for (const each of watches) each.close();
    },
  };
}

function watchFolder(folder: string, announce: () => void): FSWatcher | null {
  try {
    return watch(folder, { persistent: false }, announce).on('error', () => {});
  } catch {
    // Each poll looks all the same.
    return null;
  }
}
