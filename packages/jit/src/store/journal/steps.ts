declare const __TEST_BUILD__: boolean;

/** The steps of a write, in order. The crash tests kill the process at each of them. */
export const WRITE_STEPS = [
  'locked',
  'decided',
  'staged',
  'journaled',
  'renamed',
  'appended',
  'synced',
  'indexed',
  'cleared',
] as const;
export type WriteStep = (typeof WRITE_STEPS)[number];

let passed = 0; // counts the steps of this process, for the test build only

/**
 * Marks a step of a write. In the test build `JIT_TEST_KILL_AT=<n>` ends the process with SIGKILL at
 * the n-th step, and `JIT_TEST_FAIL_AT=<step>` makes the step fail like a full disk; the shipped
 * bundle contains neither.
 */
export function step(name: WriteStep): void {
  if (!__TEST_BUILD__) return;
  passed += 1;
  if (process.env.JIT_TEST_KILL_AT === String(passed)) process.kill(process.pid, 'SIGKILL');
  if (process.env.JIT_TEST_FAIL_AT === name) {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }
}
