const POLL_MS = 20;

/** Waits for a condition; says what did not happen when it takes too long. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = 100_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const asked = performance.now();
    const result = await check();
    if (result) return result as NonNullable<T>;
    const now = performance.now();
    if (now > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    // A check that starts processes leaves the machine to those that are waited for half of the time.
    await new Promise((resolve) => setTimeout(resolve, Math.max(POLL_MS, now - asked)));
  }
}
