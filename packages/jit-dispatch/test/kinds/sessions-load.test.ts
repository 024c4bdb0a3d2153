import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cleanEnv, collect } from '@jit/testkit/processes';
import { expect, test } from 'vitest';

const LOAD = fileURLToPath(new URL('../../../../scripts/sessions-load.mjs', import.meta.url));

test('sessions keep their limit, and none is begun twice by a dispatcher that was killed', async () => {
  const argv = [LOAD, '--sessions', '8', '--at-a-time', '3', '--work-ms', '500'];
  const done = await collect(spawn(process.execPath, argv, { env: cleanEnv(), stdio: 'pipe' }));
  expect(done, done.stdout + done.stderr).toMatchObject({ exit: 0 });
  expect(done.stdout).toContain('8 created, 0 resumed');
}, 240_000);
