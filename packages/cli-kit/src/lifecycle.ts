/** What a context may offer besides what its commands need. */
export interface Lifecycle {
  /** Called once, after the command, also after a failed one, and before its answer is printed. */
  close?(): void | Promise<void>;
  /**
   * Called on SIGINT and SIGTERM instead of ending the command, with how many there have been so
   * far: 1 to finish soon, 2 to stop now. The third one ends the process.
   */
  interrupt?(times: number): void;
}

/** The optional part of a context, whatever the context is. */
export function lifecycleOf(context: unknown): Lifecycle {
  return typeof context === 'object' && context !== null ? context : {};
}

/**
 * Does some work and closes the context in any case. When both fail, the work's error is the one
 * that is told.
 */
export async function closing<R>(context: unknown, work: () => Promise<R>): Promise<R> {
  let result: R;
  try {
    result = await work();
  } catch (error) {
    await close(context).catch(() => {});
    throw error;
  }
  await close(context);
  return result;
}

async function close(context: unknown): Promise<void> {
  await lifecycleOf(context).close?.();
}
