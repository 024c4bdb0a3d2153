import { dirname } from 'node:path';
import { keepServing } from '../../http/keep-serving.ts';
import type { Measured } from '../../http/metrics.ts';
import type { Served } from '../../http/served.ts';
import { type Asked, askTracker, type SeenSite, statusOf } from '../../seeing/gather-status.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { createOutbox } from '../notices/outbox.ts';
import { watchNotices } from '../notices/watch-notices.ts';
import { jointPulse, pulseOf } from '../pulse.ts';

/** A repository of a daemon, with what works for it now. */
export interface DaemonSite {
  /** Empty where there is only one. */
  readonly repository: string;
  readonly dispatcher: Dispatcher;
}

/** What a daemon does beside its cycles: telling people, and serving those who look. */
export interface Services {
  close(): Promise<void>;
}

const LOOK_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const PATIENCE_MS = 30_000;
/** Trackers are asked for a status no more often than this. */
const ASK_MS = 5_000;

/**
 * Starts what a daemon does beside its cycles. None of it is needed for dispatching, and none of it
 * ever ends it.
 * @param folder of the dispatcher's own files
 * @param current what works now: another one after a ledger was made anew. Never empty.
 */
export function startServices(folder: string, current: () => readonly DaemonSite[]): Services {
  const first = (): Dispatcher => {
    const [site] = current();
    if (site === undefined) throw new Error('a daemon has at least one repository');
    return site.dispatcher;
  };
  const { environment, place, log, timers } = first();
  const outbox = createOutbox(
    () => first().config.notify,
    {
      cwd: place.cwd,
      environment: {
        ...environment,
        ...place.tracker.env,
        ...(place.path === null ? {} : { PATH: place.path }),
      },
      firstPauseMs: FIRST_PAUSE_MS,
    },
    log,
  );
  const watches = current().map(({ repository }, index) =>
    watchNotices(
      () => current()[index]?.dispatcher ?? first(),
      repository,
      () =>
        // What concerns all repositories is told once.
        index === 0 ? current().map(({ dispatcher }) => dispatcher) : null,
    ),
  );
  const look = (): void => {
    if (first().config.notify.length === 0) return;
    for (const watch of watches)
      try {
        for (const notice of watch.look()) outbox.put(notice);
      } catch {
        // A ledger that can't be read is met by the cycle, which says so.
      }
  };
  // From here on: what happens before the first second is over is told, too.
  look();
  const cancel = timers.every(LOOK_MS, look);
  const serving = keepServing(() => first().config.http, servedBy(folder, current, first), {
    folder,
    log,
    timers,
  });
  return {
    async close() {
      cancel();
      look();
      await Promise.all([serving.close(), outbox.close(first().config.stopGraceSecs * 1000)]);
    },
  };
}

function servedBy(
  folder: string,
  current: () => readonly DaemonSite[],
  first: () => Dispatcher,
): Omit<Served, 'closing'> {
  const sites = (): SeenSite[] =>
    current().map(({ repository, dispatcher }) => ({
      site: { repository, weight: 1, folder: dirname(dispatcher.host.folder('.')), config: null },
      ledger: dispatcher.ledger,
      locateTracker: async () => ({ tracker: dispatcher.tracker }),
    }));
  const source = () => {
    const { name, config, now } = first();
    return { name, folder, config, sites: sites(), now: now() };
  };
  let asked: { readonly atMs: number; readonly answer: Promise<readonly Asked[]> } | null = null;
  const ask = (): Promise<readonly Asked[]> => {
    const time = first().uptimeMs();
    if (asked === null || time - asked.atMs >= ASK_MS) {
      const { agents } = first().config;
      asked = { atMs: time, answer: Promise.all(sites().map((each) => askTracker(each, agents))) };
    }
    return asked.answer;
  };
  const measure = (): Measured => {
    const known = current().map(({ dispatcher }): Asked => {
      const { isWell, ready } = pulseOf(dispatcher);
      return { claims: null, tracker: { ok: isWell === true, ready, error: null } };
    });
    return {
      version: __VERSION__,
      status: statusOf(source(), known),
      totals: current().flatMap(({ dispatcher }) => dispatcher.ledger.totals()),
      pulse: jointPulse(current().map(({ dispatcher }) => dispatcher)),
    };
  };
  let metrics: Promise<() => Promise<{ text: string; type: string }>> | null = null;
  return {
    status: async () => {
      const answers = await ask();
      return statusOf(source(), answers);
    },
    metrics: async () => {
      metrics ??= import('../../http/metrics.ts').then(({ createMetrics }) =>
        createMetrics(measure),
      );
      return (await metrics)();
    },
    pulse: () => jointPulse(current().map(({ dispatcher }) => dispatcher)),
    lastError: () => {
      const errors = current().flatMap(({ repository, dispatcher }) => {
        const text = dispatcher.ledger.getMeta('last_error');
        if (text === null) return [];
        const { message } = JSON.parse(text) as { message: string };
        return repository === '' ? message : `${repository}: ${message}`;
      });
      return errors.length === 0 ? null : errors.join('; ');
    },
    sites: () =>
      current().map(({ repository }, index) => ({
        repository,
        ledger: () => current()[index]?.dispatcher.ledger ?? null,
      })),
    uptimeMs: () => first().uptimeMs(),
    pollMs: () => first().config.pollIntervalSecs * 1000,
    now: () => first().now(),
    patienceMs: PATIENCE_MS,
  };
}
