import { uptime } from 'node:os';
import { systemTimers, type Timers } from '../timers.ts';

/** Milliseconds since the machine was started, sleep included: one clock for all its processes. */
export function uptimeMs(): number {
  return Math.round(uptime() * 1000);
}

/** Now, as text. */
export function timestamp(): string {
  return new Date().toISOString();
}

/** Time as the watches of a keeper see it: a port, so that a simulation can let hours go by. */
export interface KeeperTime {
  uptimeMs(): number;
  timestamp(): string;
  readonly every: Timers['every'];
}

/** The time of this machine. */
export const systemTime: KeeperTime = { uptimeMs, timestamp, every: systemTimers.every };

/** Waits. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for an end, but no longer than that. Leaves no timer behind. */
export async function within(end: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([end, limit]);
  clearTimeout(timer);
}
