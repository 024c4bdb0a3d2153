import type { JitError } from '@jit/contract/errors';
import type { CycleResult, SiteResult } from '../cycle.ts';
import { orWhatFailed } from './run-watch.ts';

/** How the repositories failed in the cycles so far. */
export interface Failures {
  /** Those whose last cycle failed. */
  readonly failed: ReadonlySet<string>;
  /** Those that are not to be asked now: they failed lately, and the others have no use for waiting. */
  away(): ReadonlyMap<string, JitError>;
  /** Takes up a cycle: says a failure that is new, and that it is over. */
  note(result: CycleResult): void;
  /** Milliseconds until the first that failed is asked again, or null if none did. */
  remainingMs(): number | null;
}

interface Failing {
  readonly failure: JitError;
  readonly times: number;
  readonly retryAt: number;
}

/** @param pollMs the longest time until a repository among several is asked again */
export function createFailures({
  uptimeMs,
  retryMs,
  pollMs,
}: {
  uptimeMs: () => number;
  retryMs: number;
  pollMs: () => number;
}): Failures {
  const failing = new Map<string, Failing>();
  return {
    get failed() {
      return new Set(failing.keys());
    },
    away() {
      const time = uptimeMs();
      return new Map(
        [...failing].flatMap(([repository, { failure, retryAt }]) =>
          // The only one is asked whenever there is a reason to.
          repository !== '' && time < retryAt ? [[repository, failure] as const] : [],
        ),
      );
    },
    note({ sites }) {
      const time = uptimeMs();
      for (const site of sites) {
        const { repository } = site.dispatcher;
        const before = failing.get(repository);
        const { failure } = site;
        if (failure !== null && failure === before?.failure) continue; // was not asked
        report(site, before?.failure ?? null);
        if (failure === null) {
          failing.delete(repository);
          continue;
        }
        const times = (before?.times ?? 0) + 1;
        const pause = repository === '' ? retryMs : Math.min(retryMs * 2 ** (times - 1), pollMs());
        failing.set(repository, { failure, times, retryAt: time + pause });
      }
    },
    remainingMs() {
      const time = uptimeMs();
      const rests = [...failing.values()].map(({ retryAt }) => Math.max(0, retryAt - time));
      return rests.length === 0 ? null : Math.min(...rests);
    },
  };
}

/** Logs a failure when it is new, and keeps it for `status` where the ledger can be written. */
function report({ dispatcher, failure }: SiteResult, before: JitError | null): void {
  const { repository, ledger, log, now } = dispatcher;
  const text = failure && JSON.stringify({ at: now().toISOString(), message: failure.message });
  orWhatFailed(dispatcher, () => ledger.setMeta('last_error', text));
  if (failure !== null && (before === null || wordOf(failure) !== wordOf(before)))
    log({ level: 'error', event: 'error', message: failure.message, reason: failure.code });
  if (failure === null && before !== null && repository !== '')
    log({ level: 'info', event: 'back', message: 'it can be worked on again' });
}

/** A tracker that is away refuses every call in other words, and is one thing to say. */
function wordOf({ code, message, details }: JitError): string {
  return `${code} ${details.tracker_code ?? message}`;
}
