import { systemTimers } from '../../timers.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { sweepWorkspaces } from './sweep-workspaces.ts';

/** A run that has ended is noticed this fast. */
const TIDY_MS = 5_000;

/**
 * Sweeps the workspaces of all repositories beside the loop, from its beginning, one sweep at a time. No
 * start and no cycle waits for it.
 * @param dispatchers read anew for each sweep
 */
export function tidyWorkspaces(dispatchers: readonly Dispatcher[]): { end(): Promise<void> } {
  let work: Promise<void> | null = null;
  const closing = new AbortController();
  const { signal } = closing;
  const sweepAll = async (isFull: boolean): Promise<void> => {
    for (const each of dispatchers) await sweepWorkspaces(each, { isFull, signal });
  };
  const tidy = (isFull: boolean): void => {
    if (signal.aborted || work !== null) return;
    work = sweepAll(isFull).then(() => {
      work = null;
    });
  };
  tidy(true);
  const cancel = systemTimers.every(TIDY_MS, () => tidy(false));
  return {
    async end() {
      closing.abort();
      cancel();
      await work;
    },
  };
}
