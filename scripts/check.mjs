// `npm run check`: everything a change must pass, stopping at the first failure.
// `--fast` leaves out the tests.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name, ...args) => [process.execPath, `node_modules/${name}`, ...args];

const STEPS = [
  {
    name: 'format and lint',
    command: bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
    fix: '`npm run fix` repairs formatting and the simple rules; the messages say where code goes',
  },
  {
    name: 'layers',
    command: [process.execPath, 'scripts/check-layers.mjs'],
    fix: 'move the code to the room the message names',
  },
  { name: 'types', command: bin('typescript/bin/tsc', '--noEmit'), fix: 'correct the types above' },
  {
    name: 'dead code',
    command: bin('knip/bin/knip.js'),
    fix: 'delete what nobody uses, or drop its `export` when only its own file does',
  },
  {
    name: 'tests',
    command: [process.execPath, 'scripts/test.mjs'],
    fix: 'see the failing tests above; one file: `npm test -- <path>`',
    slow: true,
  },
];

if (await setup()) {
  const fast = process.argv.includes('--fast');
  for (const { name, command, fix } of STEPS.filter((step) => !(fast && step.slow))) {
    process.stdout.write(`check: ${name}\n`);
    const [program, ...args] = command;
    const { status } = spawnSync(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) {
      process.stderr.write(`check failed at: ${name}\nto fix it: ${fix}\n`);
      process.exitCode = 1;
      break;
    }
  }
  if (!process.exitCode) process.stdout.write('check: all good\n');
}
