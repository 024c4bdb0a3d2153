import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnv, collect } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { QUESTION_MARK } from '../src/daemon/classifying/mark.ts';
import { findAllMarked, isAlive } from '../src/keeper/identity.ts';
import type { ToAsk } from './asking-main.ts';
import { createRepository } from './repository.ts';
import { end } from './run-folders.ts';
import { until } from './until.ts';

/** A process of its own that asks, as a dispatcher does. */
async function asker() {
  const outfile = join(tempFolder(), 'asking.cjs');
  const packageFolder = fileURLToPath(new URL('..', import.meta.url));
  await build({
    entryPoints: [join(packageFolder, 'test/asking-main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['better-sqlite3'],
    outfile,
  });
  const env = cleanEnv({ NODE_PATH: join(packageFolder, 'node_modules') });
  return (toAsk: ToAsk) =>
    spawn(process.execPath, [outfile, JSON.stringify(toAsk)], { env, stdio: 'pipe' });
}

test('an issue that two processes want to know about, one after the other, is asked about once', async () => {
  const repository = await createRepository();
  const cwd = repository.root;
  const answer = '{"class":"ai","confidence":0.9,"detail":"clear"}';
  repository.script('tell', `#!/bin/sh\necho x >> asked\ncat > /dev/null\necho '${answer}'\n`);
  const program = { argv: ['./tell'], timeoutSecs: 60, retrySecs: 60 };
  const start = await asker();
  const told = { is: 'told', class: 'ai', confidence: 0.9, detail: 'clear' };
  for (const ids of [['1'], ['1', '2']]) {
    const asking = start({ folder: join(cwd, 'own'), cwd, ids, program });
    const { stdout, stderr } = await collect(asking);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(ids.map((id) => [id, told])));
  }
  expect(readFileSync(join(cwd, 'asked'), 'utf8')).toBe('x\nx\n');
});

test('what a dispatcher was asking when it was killed is stopped by the next start, and what others ask is not', async () => {
  const repository = await createRepository();
  repository.configure('[[agents]]\nid = "a"\ncommand = "true"\n');
  const cwd = repository.root;
  repository.script('hang', '#!/bin/sh\necho x >> begun\nsleep 300 &\nwait\n');
  const program = { argv: ['./hang'], timeoutSecs: 600, retrySecs: 60 };
  const own = join(cwd, '.jit-dispatch/test');
  const start = await asker();
  const mine = start({ folder: own, cwd, ids: ['1'], program });
  const others = start({ folder: join(cwd, 'other'), cwd, ids: ['1'], program });
  const mines = collect(mine);
  const theirs = collect(others);
  const askedBy = (pid: number | undefined) =>
    [...findAllMarked(QUESTION_MARK)].flatMap(([mark, found]) =>
      mark.split(':')[1] === String(pid) ? found : [],
    );
  onTestFinished(async () => {
    others.kill('SIGKILL');
    await theirs;
    for (const { pid } of [...askedBy(mine.pid), ...askedBy(others.pid)]) end(pid);
  });
  const left = await until('both are asked, each with a child', () => {
    const found = [askedBy(mine.pid), askedBy(others.pid)];
    return found.every(({ length }) => length === 2) ? found : null;
  });
  // While the asker lives, its question is its own affair.
  await repository.once();
  expect(left.flat().every(isAlive)).toBe(true);
  mine.kill('SIGKILL');
  await mines;
  expect(left.flat().every(isAlive)).toBe(true);
  await repository.once();
  await until('what was left is stopped', () => !left[0]?.some(isAlive));
  expect(left[1]?.every(isAlive)).toBe(true);
  others.kill('SIGKILL');
  await theirs;
  await repository.once();
  expect(left[1]?.every(isAlive)).toBe(true);
});
