import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, it } from 'vitest';

const HOOKS = ['JIT_TEST_CLOCK', 'JIT_TEST_KILL_AT', 'JIT_TEST_FAIL_AT'];

/** The hooks that are named anywhere in a bundle's folder. */
function hooksIn(folder: string): string[] {
  const root = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return HOOKS.filter((hook) => files.some((bytes) => bytes.includes(hook)));
}

it('the shipped bundle has none of the hooks of the tests, and the test build has all', () => {
  expect(hooksIn('dist')).toEqual([]);
  expect(hooksIn('dist-test')).toEqual(HOOKS);
});

it('the clock of the shipped bundle can not be moved', async () => {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  const { id } = await jitJson<{ id: string }>(['issue', 'create', 'x'], { cwd });
  await jitJson(['issue', 'claim', id, 'one', '--ttl', '600'], { cwd });
  // A file that is not there: whoever read it would fail.
  const env = { JIT_TEST_CLOCK: join(cwd, 'no-clock.json') };
  expect(await jitJson(['query', 'ready'], { cwd, env })).toEqual([]);
  expect((await runBundle('jit (test build)', ['query', 'ready'], { cwd, env })).exit).not.toBe(0);
});
