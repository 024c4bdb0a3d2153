import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

let state: string | undefined;

// This file is loaded anew for each file of tests, so that this is the end of that file.
afterAll(() => {
  if (state !== undefined) rmSync(state, { recursive: true, force: true, maxRetries: 3 });
  state = undefined;
});

/** Where the tests of a file keep what belongs to a user: nothing is written to a real home. */
export function stateFolder(): string {
  state ??= mkdtempSync(join(tmpdir(), 'jit-state-'));
  return state;
}
