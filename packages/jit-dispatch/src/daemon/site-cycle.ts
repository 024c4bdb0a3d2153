import { JitError } from '@jit/contract/errors';
import type { Run } from '../ledger/run.ts';
import { asFailure } from './as-failure.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Sight } from './looking/look.ts';
import type { SettledRun } from './settling/settle-runs.ts';
import type { LostClaim } from './starting/act.ts';

/** One repository while a cycle is made. */
export interface SiteCycle {
  readonly dispatcher: Dispatcher;
  /** Runs of an earlier cycle whose claim was never answered. */
  leftovers: readonly Run[];
  /** Null until it was looked at, and again once it is acted on. */
  sight: Sight | null;
  /** The newest request that was there before it was looked at. */
  asked: number;
  ready: number | null;
  readonly settled: SettledRun[];
  readonly started: Run[];
  readonly lost: LostClaim[];
  failure: JitError | null;
}

/** What one cycle did in one repository. */
export interface SiteResult {
  readonly dispatcher: Dispatcher;
  /** Ready issues, or null where none were asked for. */
  readonly ready: number | null;
  readonly settled: readonly SettledRun[];
  readonly started: readonly Run[];
  readonly lost: readonly LostClaim[];
  /** Why it could not be looked at or worked on; what was done before stays done. */
  readonly failure: JitError | null;
}

/** How long a cycle waits for a repository; the others are dispatched then. */
export interface Patience {
  readonly ms: number;
  /** Told when one that was not waited for has come to an end. */
  readonly onEnd: () => void;
}

/** Work in a repository that no cycle waits for any more. */
interface UnderWay {
  readonly site: SiteCycle;
  readonly late: JitError;
  readonly done: Promise<void>;
  isOver: boolean;
  /** A mistake in the program. */
  bug: { readonly error: unknown } | null;
}

/** By dispatcher: so nothing else is begun in its repository meanwhile. */
const underWay = new WeakMap<Dispatcher, UnderWay>();

/**
 * Begins a cycle in a repository: with what an earlier one came to in the meantime, or as failed where that
 * is not over yet.
 */
export function openSite(dispatcher: Dispatcher, away: JitError | null): SiteCycle {
  const before = underWay.get(dispatcher);
  if (before === undefined) return newSite(dispatcher, away);
  if (!before.isOver) return newSite(dispatcher, before.late);
  underWay.delete(dispatcher);
  if (before.bug !== null) throw before.bug.error;
  return before.site;
}

function newSite(dispatcher: Dispatcher, failure: JitError | null): SiteCycle {
  const nothing = { leftovers: [], sight: null, asked: 0, ready: null };
  return { dispatcher, ...nothing, settled: [], started: [], lost: [], failure };
}

/** Waits until nothing is under way in any repository that a cycle did not wait for. */
export async function allOver(dispatchers: readonly Dispatcher[]): Promise<void> {
  await Promise.all(dispatchers.map((each) => underWay.get(each)?.done));
}

/**
 * The same work in each repository that did not fail, side by side. What is refused fails its own repository;
 * a mistake in the program is thrown on.
 * @returns the sites as they are to be gone on with: one that takes too long has failed
 */
export function inEach(
  sites: readonly SiteCycle[],
  work: (site: SiteCycle) => Promise<void>,
  patience: Patience | null,
): Promise<SiteCycle[]> {
  return Promise.all(
    sites.map(async (site) => {
      if (site.failure !== null) return site;
      const done = attempt(site, work);
      if (patience === null || (await endsWithin(site.dispatcher, done, patience.ms))) {
        await done;
        return site;
      }
      return goOnWithout(site, done, patience);
    }),
  );
}

async function attempt(site: SiteCycle, work: (site: SiteCycle) => Promise<void>): Promise<void> {
  try {
    await work(site);
  } catch (error) {
    site.failure = asFailure(site.dispatcher, error);
  }
}

function endsWithin({ timers }: Dispatcher, done: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, () => resolve(false));
    const isOver = () => {
      cancel();
      resolve(true);
    };
    done.then(isOver, isOver);
  });
}

function goOnWithout(site: SiteCycle, done: Promise<void>, { ms, onEnd }: Patience): SiteCycle {
  const { dispatcher } = site;
  const late = new JitError('external', 'TRACKER_TIMEOUT', `no answer within ${ms / 1000} s`, {
    hint: 'the other repositories are worked on; this one goes on when it answers',
    retryable: true,
    details: { late: true },
  });
  const entry: UnderWay = { site, late, done, isOver: false, bug: null };
  underWay.set(dispatcher, entry);
  const end = () => {
    entry.isOver = true;
    onEnd();
  };
  done.then(end, (error: unknown) => {
    entry.bug = { error };
    end();
  });
  return newSite(dispatcher, late);
}

/** Whether a failure only says that a repository was not waited for. */
export function isLate({ details }: JitError): boolean {
  return details.late === true;
}
