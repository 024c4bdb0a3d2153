/** When a lease is renewed, and when the agent has to stop because it was not. In milliseconds. */
export interface LeaseTerms {
  readonly renewAfter: number;
  readonly retryAfter: number;
  /** This long after the last renewal the agent is stopped: it is dead before the lease ends. */
  readonly stopAfter: number;
  readonly tick: number;
}

const MARGIN_MS = 5_000;
const SLEEP_MS = 5_000;
const KILL_MS = 1_000;

/** The terms of a lease: renewed after a third, stopped early enough for the grace of a stop (invariant NO-AGENT-OUTLIVES-ITS-CLAIM). */
export function leaseTerms(ttlMs: number, graceMs: number): LeaseTerms {
  return {
    renewAfter: ttlMs / 3,
    retryAfter: Math.min(10_000, ttlMs / 12),
    stopAfter: ttlMs - Math.min(graceMs + MARGIN_MS, ttlMs / 3),
    tick: Math.min(1_000, ttlMs / 24),
  };
}

/**
 * How long an agent may take to stop when its lease could not be renewed: the grace of a stop, but no
 * longer than the lease lasts, with time left for SIGKILL (invariant NO-AGENT-OUTLIVES-ITS-CLAIM).
 */
export function stopGrace(graceMs: number, leftMs: number): number {
  return Math.max(0, Math.min(graceMs, leftMs - Math.min(KILL_MS, leftMs / 2)));
}

/** Where a lease stands: uptimes, `tickedAt` that of the look before this one. */
export interface LeaseMoment {
  readonly now: number;
  readonly tickedAt: number;
  readonly renewedAt: number;
  readonly triedAt: number;
  readonly isRenewing: boolean;
}

/**
 * What to do now. After a sleep of the machine the lease may look lost although nobody took it:
 * one more renewal is tried before the agent is stopped.
 */
export function leaseStep(terms: LeaseTerms, moment: LeaseMoment): 'wait' | 'renew' | 'stop' {
  const { now, tickedAt, renewedAt, triedAt, isRenewing } = moment;
  const hasSlept = now - tickedAt > SLEEP_MS + 5 * terms.tick;
  if (hasSlept) return isRenewing ? 'wait' : 'renew';
  const isLastTry = isRenewing && triedAt - renewedAt >= terms.stopAfter;
  if (now - renewedAt >= terms.stopAfter) return isLastTry ? 'wait' : 'stop';
  if (isRenewing) return 'wait';
  const isDue = now - renewedAt >= terms.renewAfter;
  return isDue && now - triedAt >= terms.retryAfter ? 'renew' : 'wait';
}
