import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One result line of `jit batch`. */
export interface Answer {
  readonly exit: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly details: Record<string, unknown> };
}

/** Reads a batch process's answers one by one. */
export function answers(child: ChildProcess): { next(): Promise<Answer> } {
  if (child.stdout === null) throw new Error('the process has no stdout');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done) throw new Error('the process ended without an answer');
      return JSON.parse(value);
    },
  };
}
