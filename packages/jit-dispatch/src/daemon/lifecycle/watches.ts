import type { Dispatcher } from '../dispatcher.ts';
import { type TrackerWatch, watchTracker } from './watch.ts';

/** The watches on the trackers of this machine. */
export interface Watches {
  /** Watches every repository that is known to be here and is not watched yet. */
  keep(dispatchers: readonly Dispatcher[]): Promise<void>;
  close(): Promise<void>;
}

/** @param onChange called when something changed in one of them */
export function createWatches(onChange: () => void): Watches {
  const watches = new Map<string, TrackerWatch>();
  return {
    async keep(dispatchers) {
      for (const { repository, config, place, log } of dispatchers) {
        const { jitDir } = place;
        if (!config.watch || jitDir === null || watches.has(repository)) continue;
        const onError = (error: unknown) =>
          log({ level: 'warn', event: 'watch', message: `polling only: ${error}` });
        watches.set(repository, await watchTracker(jitDir, onChange, onError));
      }
    },
    async close() {
      await Promise.all([...watches.values()].map((watch) => watch.close()));
    },
  };
}
