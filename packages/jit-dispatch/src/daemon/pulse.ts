import type { CycleResult } from './cycle.ts';
import type { Dispatcher } from './dispatcher.ts';

/** How the cycles of a daemon go, for those who look from outside. */
export interface Pulse {
  readonly cycles: number;
  readonly failed: number;
  /** Uptime in milliseconds at which the last cycle began, or null before the first. */
  readonly beganAtMs: number | null;
  /** The same of its end. */
  readonly endedAtMs: number | null;
  /** How long the last one that ended took, and all of them together. */
  readonly lastMs: number | null;
  readonly totalMs: number;
  /** Whether the last cycle that ended got through; null before. */
  readonly isWell: boolean | null;
  /** Ready issues as the last cycle saw them that asked. */
  readonly ready: number | null;
}

const NONE: Pulse = {
  cycles: 0,
  failed: 0,
  beganAtMs: null,
  endedAtMs: null,
  lastMs: null,
  totalMs: 0,
  isWell: null,
  ready: null,
};

const pulses = new WeakMap<Dispatcher, Pulse>();

/** The pulse of a dispatcher. */
export function pulseOf(dispatcher: Dispatcher): Pulse {
  return pulses.get(dispatcher) ?? NONE;
}

/** Runs a cycle and notes how it goes. */
export async function withPulse(
  dispatcher: Dispatcher,
  cycle: () => Promise<CycleResult | null>,
): Promise<CycleResult | null> {
  const beganAtMs = dispatcher.uptimeMs();
  pulses.set(dispatcher, { ...pulseOf(dispatcher), beganAtMs });
  const result = await cycle();
  const endedAtMs = dispatcher.uptimeMs();
  const before = pulseOf(dispatcher);
  const lastMs = endedAtMs - beganAtMs;
  pulses.set(dispatcher, {
    ...before,
    cycles: before.cycles + 1,
    failed: before.failed + (result === null ? 1 : 0),
    endedAtMs,
    lastMs,
    totalMs: before.totalMs + lastMs,
    isWell: result !== null,
    ready: result?.ready ?? before.ready,
  });
  return result;
}
