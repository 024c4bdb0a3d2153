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

/** Runs a cycle and notes how it goes in each repository. */
export async function withPulse(
  dispatchers: readonly Dispatcher[],
  cycle: () => Promise<CycleResult>,
): Promise<CycleResult> {
  const began = new Map(dispatchers.map((each) => [each, each.uptimeMs()]));
  for (const [each, beganAtMs] of began) pulses.set(each, { ...pulseOf(each), beganAtMs });
  const result = await cycle();
  for (const { dispatcher, failure, ready } of result.sites) {
    const endedAtMs = dispatcher.uptimeMs();
    const before = pulseOf(dispatcher);
    const lastMs = endedAtMs - (began.get(dispatcher) ?? endedAtMs);
    pulses.set(dispatcher, {
      ...before,
      cycles: before.cycles + 1,
      failed: before.failed + (failure === null ? 0 : 1),
      endedAtMs,
      lastMs,
      totalMs: before.totalMs + lastMs,
      isWell: failure === null,
      ready: ready ?? before.ready,
    });
  }
  return result;
}

/**
 * One pulse for all repositories, which are worked on in the same cycles: well only if all are, and not known
 * before each was.
 */
export function jointPulse(dispatchers: readonly Dispatcher[]): Pulse {
  const all = dispatchers.map(pulseOf);
  const known = (values: readonly (number | null)[]) => values.flatMap((each) => each ?? []);
  const most = (values: readonly (number | null)[]) =>
    known(values).length === 0 ? null : Math.max(...known(values));
  const each = <Key extends keyof Pulse>(key: Key) => all.map((pulse) => pulse[key]);
  const ready = known(each('ready'));
  return {
    cycles: Math.max(0, ...each('cycles')),
    failed: Math.max(0, ...each('failed')),
    beganAtMs: most(each('beganAtMs')),
    endedAtMs: most(each('endedAtMs')),
    lastMs: most(each('lastMs')),
    totalMs: Math.max(0, ...each('totalMs')),
    isWell: each('isWell').includes(false) ? false : each('isWell').includes(null) ? null : true,
    ready: ready.length === 0 ? null : ready.reduce((sum, count) => sum + count, 0),
  };
}
