// A folder of its own for a load script, and the built programs to run in it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages');
export const JIT = join(PACKAGES, 'jit/bin/jit.js');
export const DISPATCH = join(PACKAGES, 'jit-dispatch/bin/jit-dispatch.js');

/** Makes the folder; whoever asked for it removes it. `env`: of every program that is started there. */
export function openLoadPlace(name) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `jit-${name}-`)));
  const env = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^(JIT_|VITEST|NODE_)/.test(key)),
    ),
    JIT_ACTOR: 'load',
    JIT_TEST_ROOT: root,
    XDG_STATE_HOME: join(root, 'state'),
  };
  const run = (program, argv, input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
      cwd: root,
      env,
      input,
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stdout}${stderr}`);
    return stdout;
  };
  return { root, env, run };
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for a condition, at most so many milliseconds. */
export async function until(what, check, patienceMs) {
  for (let waited = 0; !check(); waited += 100) {
    if (waited > patienceMs) throw new Error(`did not happen: ${what}`);
    await pause(100);
  }
}
