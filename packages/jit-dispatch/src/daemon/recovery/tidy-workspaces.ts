import type { Dispatcher } from '../dispatcher.ts';
import { sweepWorkspaces } from './sweep-workspaces.ts';

/** A run that has ended is noticed this fast. */
const TIDY_MS = 5_000;

/** Sweeps workspaces beside the loop, from its beginning, one sweep at a time. No start and no cycle waits for it. */
export function tidyWorkspaces(dispatcher: Dispatcher): { end(): Promise<void> } {
  let work: Promise<void> | null = null;
  const closing = new AbortController();
  const { signal } = closing;
  const tidy = (isFull: boolean): void => {
    if (signal.aborted || work !== null) return;
    work = sweepWorkspaces(dispatcher, { isFull, signal }).then(() => {
      work = null;
    });
  };
  tidy(true);
  const cancel = dispatcher.timers.every(TIDY_MS, () => tidy(false));
  return {
    async end() {
      closing.abort();
      cancel();
      await work;
    },
  };
}
