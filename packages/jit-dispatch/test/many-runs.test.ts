import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cleanEnv, collect } from '@jit/testkit/processes';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../scripts/runs-load.mjs', import.meta.url));
/** The whole 10,000 take several minutes of two processors: `node scripts/runs-load.mjs`. */
const RUNS = 1_500;

test('runs without end: memory stays flat, no descriptor leaks, each issue is done by one run', {
  timeout: 900_000,
}, async () => {
  const child = spawn(process.execPath, [SCRIPT, '--runs', String(RUNS)], {
    env: cleanEnv(),
    stdio: 'pipe',
  });
  const { exit, stdout, stderr } = await collect(child);
  console.log(stdout.trim());
  expect(stderr).toBe('');
  expect(stdout).toMatch(new RegExp(`^${RUNS} runs in \\d+ s: `));
  expect(stdout).not.toContain('broken: ');
  expect(exit).toBe(0);
});
