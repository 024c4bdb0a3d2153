import { uptime } from 'node:os';

/** Milliseconds since the machine was started, sleep included: one clock for all its processes. */
export function uptimeMs(): number {
  return Math.round(uptime() * 1000);
}

/** Now, as text. */
export function timestamp(): string {
  return new Date().toISOString();
}

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
