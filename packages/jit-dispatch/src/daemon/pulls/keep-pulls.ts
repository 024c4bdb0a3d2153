import { systemTimers } from '../../timers.ts';
import { asFailure } from '../as-failure.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { advancePull } from './advance-pull.ts';
import { createPullForges, type PullForges } from './pull-forges.ts';

/** A run that has completed is noticed this fast. */
const LOOK_MS = 1_000;
/** Besides a push: what a forge and the tracker may take. */
const ONCE_MS = 90_000;

/** Makes pull requests beside the loop, from its beginning, one at a time. No cycle waits for it. */
export function keepPulls(dispatchers: readonly Dispatcher[]): { end(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const forges = createPullForges(signal);
  let work: Promise<void> | null = null;
  const look = (): void => {
    if (signal.aborted || work !== null) return;
    work = advanceAll(dispatchers, forges, signal).finally(() => {
      work = null;
    });
  };
  look();
  const cancel = systemTimers.every(LOOK_MS, look);
  return {
    async end() {
      closing.abort();
      cancel();
      await work;
    },
  };
}

/** Makes those that are due now, and waits for them: for as long as one push may take, and a while. */
export async function keepPullsOnce(dispatchers: readonly Dispatcher[]): Promise<void> {
  const closing = new AbortController();
  const { signal } = closing;
  const pushes = dispatchers.map(({ config }) => config.pullRequest?.pushTimeoutSecs ?? 0);
  const cancel = systemTimers.after(Math.max(...pushes) * 1000 + ONCE_MS, () => closing.abort());
  try {
    await advanceAll(dispatchers, createPullForges(signal), signal);
  } finally {
    cancel();
  }
}

/** What a ledger refuses is met by the cycle, which says so. */
async function advanceAll(
  dispatchers: readonly Dispatcher[],
  forges: PullForges,
  signal: AbortSignal,
): Promise<void> {
  for (const dispatcher of dispatchers)
    try {
      await advanceDue(dispatcher, forges, signal);
    } catch (error) {
      const { message } = asFailure(dispatcher, error);
      dispatcher.log({ level: 'warn', event: 'pull_request', message });
    }
}

async function advanceDue(
  dispatcher: Dispatcher,
  forges: PullForges,
  signal: AbortSignal,
): Promise<void> {
  const { config, ledger, now } = dispatcher;
  const { pullRequest } = config;
  const access = pullRequest === null ? null : config.forges[pullRequest.forge];
  if (pullRequest === null || access === null) return;
  const time = now().toISOString();
  for (const { run, next_try_at } of ledger.openPulls()) {
    if (signal.aborted) return;
    if (next_try_at !== null && next_try_at > time) continue;
    const openForge = () => forges(dispatcher, access);
    await advancePull(dispatcher, run, { pullRequest, openForge, signal });
  }
}
