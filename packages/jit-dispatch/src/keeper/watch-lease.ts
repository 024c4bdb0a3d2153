import type { KeeperSpec } from '../run-records.ts';
import { type KeeperTime, systemTime } from './clock.ts';
import { heartbeat } from './heartbeat.ts';
import { leaseStep, leaseTerms } from './lease.ts';
import { hasTrackerSign, type KnownIssue } from './tracker-signs.ts';

/** The lease of a running agent. */
export interface LeaseWatch {
  /** Milliseconds until the lease ends, as far as is known here. */
  leftMs(): number;
  /** Asks the tracker now, by a renewal, whether it has seen a sign of life; never throws. */
  look(): Promise<void>;
  /** Ends the watch; a lease that is no longer fresh is renewed a last time. */
  end(): Promise<void>;
}

const HEARTBEAT_TIMEOUT_MS = 30_000;

/** Who hears of a lease. */
export interface LeaseListener {
  onLoss(reason: 'lost_claim' | 'lease_not_renewed'): void;
  /** Somebody else renewed the lease or changed the issue. */
  onSign(): void;
}

/** What a watch works with; a simulation has others. */
export interface LeaseMeans {
  readonly time: KeeperTime;
  readonly ask: typeof heartbeat;
}

/** A claim without a lease: there is nothing to renew, and whoever takes it back says so to the dispatcher. */
const NO_LEASE: LeaseWatch = {
  leftMs: () => Number.POSITIVE_INFINITY,
  look: async () => {},
  end: async () => {},
};

/** Keeps the lease of a run alive and says so when that fails. */
export function watchLease(
  spec: KeeperSpec,
  environment: NodeJS.ProcessEnv,
  { onLoss, onSign }: LeaseListener,
  { time, ask }: LeaseMeans = { time: systemTime, ask: heartbeat },
): LeaseWatch {
  if (spec.ttl_secs === null) return NO_LEASE;
  const { uptimeMs } = time;
  const ttlMs = spec.ttl_secs * 1000;
  const terms = leaseTerms(ttlMs, spec.stop_grace_secs * 1000);
  let renewedAt = spec.leased_at_ms;
  let triedAt = renewedAt;
  let tickedAt = uptimeMs();
  let renewal: Promise<void> | null = null;
  let isKept = true;
  let known: KnownIssue = { expiresAt: null, updatedAt: null };

  const renew = async (): Promise<void> => {
    triedAt = uptimeMs();
    const askedAt = triedAt;
    const limit = Math.min(HEARTBEAT_TIMEOUT_MS, ttlMs / 6);
    const { answer, before, after, expiresAt } = await ask(spec, environment, limit);
    if (before !== null && hasTrackerSign(before, known)) onSign();
    // As the renewal left it: one that takes up an ended lease again changes the issue itself.
    known = {
      expiresAt: expiresAt ?? known.expiresAt,
      updatedAt: after?.updated_at ?? before?.updated_at ?? known.updatedAt,
    };
    if (answer === 'renewed') renewedAt = askedAt;
    else if (answer === 'finished') stopWatching();
    else if (answer === 'lost') lose('lost_claim');
  };

  const startRenewal = (): Promise<void> => {
    renewal ??= renew().finally(() => {
      renewal = null;
    });
    return renewal;
  };

  const stopWatching = (): void => {
    isKept = false;
    cancel();
  };

  const lose = (reason: 'lost_claim' | 'lease_not_renewed'): void => {
    if (!isKept) return;
    stopWatching();
    onLoss(reason);
  };

  const tick = (): void => {
    const now = uptimeMs();
    const step = leaseStep(terms, {
      now,
      tickedAt,
      renewedAt,
      triedAt,
      isRenewing: renewal !== null,
    });
    tickedAt = now;
    if (step === 'renew') void startRenewal();
    else if (step === 'stop') lose('lease_not_renewed');
  };

  const cancel = time.every(terms.tick, tick);
  tick();

  return {
    leftMs: () => renewedAt + ttlMs - uptimeMs(),
    look: async () => {
      if (isKept) await startRenewal();
    },
    async end() {
      const isStale = isKept && uptimeMs() - renewedAt > ttlMs / 6;
      stopWatching();
      // Whoever settles the run, perhaps a `once` minutes later, finds a lease with time left.
      if (isStale) await startRenewal();
    },
  };
}
