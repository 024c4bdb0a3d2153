// `npm run fix`: formats and repairs what can be repaired without a decision.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (await setup({ build: false })) {
  const done = spawnSync('node_modules/.bin/biome', ['check', '--write', '.'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = done.status ?? 1;
}
