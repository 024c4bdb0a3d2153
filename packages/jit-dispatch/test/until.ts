const POLL_MS = 20;

/** Waits for a condition; says what did not happen when it takes too long. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  withinMs = 100_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await check();
    if (result) return result as NonNullable<T>;
    if (performance.now() > deadline)
      throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
