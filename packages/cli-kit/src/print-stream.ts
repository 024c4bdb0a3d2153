/** What printing a stream needs. */
export interface StreamOutput {
  /** Ends a wait early when the program is interrupted. */
  until<T>(work: Promise<T>): Promise<T>;
  /** Prints one item; false when nobody reads any more. */
  emit(item: unknown): Promise<boolean>;
  exitOf(item: unknown): number;
}

/**
 * Prints every item as soon as it comes, and takes the next one only when it has left the process.
 * @returns the exit code of the first item that has one, else 0
 */
export async function printStream(
  items: AsyncIterable<unknown>,
  { until, emit, exitOf }: StreamOutput,
): Promise<number> {
  const iterator = items[Symbol.asyncIterator]();
  let exit = 0;
  let isAtRest = false;
  try {
    for (;;) {
      isAtRest = false;
      const step = await until(iterator.next());
      isAtRest = true;
      if (step.done) return exit;
      exit ||= exitOf(step.value);
      if (!(await emit(step.value))) return exit;
    }
  } finally {
    // A generator that is waiting for its next item would keep return() waiting too.
    const returned = Promise.resolve(iterator.return?.()).catch(() => {});
    if (isAtRest) await returned;
  }
}

/** True for an answer that comes item by item. */
export function isIterable(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}
