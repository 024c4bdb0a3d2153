import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cleanEnv, collect } from '@jit/testkit/processes';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../../scripts/merge-replay.mjs', import.meta.url));

it('200 merges of random edits by two actors lose none', { timeout: 900_000 }, async () => {
  const child = spawn(process.execPath, [SCRIPT, '--merges', '200', '--seed', '1'], {
    env: cleanEnv(),
    stdio: 'pipe',
  });
  const { exit, stdout, stderr } = await collect(child);
  console.log(stdout.trim());
  expect(stderr).toBe('');
  expect(stdout).toContain('edits lost: 0; events lost: 0; unreadable files: 0');
  expect(stdout).toMatch(/^200 merges of \d{4} edits/);
  expect(exit).toBe(0);
});
