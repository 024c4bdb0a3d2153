import type { KeeperSpec, StallStage } from '../run-records.ts';

/** How long an agent may be silent. In milliseconds of awake time; a stage of 0 is never reached. */
export interface StallTerms {
  readonly warnAfter: number;
  readonly notifyAfter: number;
  readonly stopAfter: number;
  /** This much silence at the start is not counted. */
  readonly freeAtStart: number;
  readonly tick: number;
}

/** Where an agent stands on the ladder. */
export interface StallState {
  readonly stage: StallStage;
  /** Awake milliseconds of silence that count; below 0 while silence at the start is free. */
  readonly silent: number;
  /** Uptime of the last look. */
  readonly tickedAt: number;
}

const MIN_TICK_MS = 50;
const MAX_TICK_MS = 1_000;
const TICKS_PER_LIMIT = 10;
/** One look adds no more silence than this many ticks, however late it comes. */
const MAX_TICKS_ADDED = 3;
const JUMP_MS = 5_000;
const JUMP_TICKS = 5;

/** The terms for an agent. Null if no stage is ever reached. */
export function stallTerms({
  startup_grace_secs,
  warn_secs,
  notify_secs,
  stop_secs,
}: KeeperSpec['stall']): StallTerms | null {
  const limits = [warn_secs, notify_secs, stop_secs].filter((secs) => secs > 0);
  if (limits.length === 0) return null;
  const shortest = Math.min(...limits) * 1000;
  return {
    warnAfter: warn_secs * 1000,
    notifyAfter: notify_secs * 1000,
    stopAfter: stop_secs * 1000,
    freeAtStart: Math.max(0, startup_grace_secs - warn_secs) * 1000,
    tick: Math.max(MIN_TICK_MS, Math.min(MAX_TICK_MS, shortest / TICKS_PER_LIMIT)),
  };
}

/** An agent that has just started: silence without any sign of life climbs the ladder, too. */
export function startOfStall({ freeAtStart }: StallTerms, now: number): StallState {
  return { stage: 'none', silent: -freeAtStart, tickedAt: now };
}

/**
 * The next state. Silence is measured in awake time (invariant SILENCE-IS-AWAKE): a look that comes late, because the machine slept,
 * the keeper was stopped or the clock jumped, adds a few ticks at most, and after a longer gap the
 * agent, which may have slept as well, is given the whole ladder anew.
 */
export function stallStep(
  terms: StallTerms,
  state: StallState,
  { now, hasSign }: { readonly now: number; readonly hasSign: boolean },
): StallState {
  if (state.stage === 'stopped') return state;
  const gap = now - state.tickedAt;
  if (hasSign) return { stage: 'none', silent: 0, tickedAt: now };
  if (gap < 0 || gap > JUMP_MS + JUMP_TICKS * terms.tick)
    return { stage: 'none', silent: Math.min(0, state.silent), tickedAt: now };
  const silent = state.silent + Math.min(gap, MAX_TICKS_ADDED * terms.tick);
  return { stage: stageAt(terms, silent), silent, tickedAt: now };
}

function stageAt({ warnAfter, notifyAfter, stopAfter }: StallTerms, silent: number): StallStage {
  const isOver = (limit: number): boolean => limit > 0 && silent >= limit;
  if (isOver(stopAfter)) return 'stopped';
  if (isOver(notifyAfter)) return 'notified';
  return isOver(warnAfter) ? 'warned' : 'none';
}
