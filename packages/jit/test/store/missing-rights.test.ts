import { spawn } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePath, cleanEnv, collect, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import type { TestContext } from 'vitest';
import { describe, expect, it } from 'vitest';

/** Rights do not bind root: there, jit is started as nobody. */
const isRoot = process.getuid?.() === 0;
const NOBODY = isRoot ? { uid: 65_534, gid: 65_534 } : {};

function jitAsNobody(cwd: string, ...argv: string[]) {
  const child = spawn(process.execPath, [bundlePath('jit'), ...argv, '--json'], {
    cwd,
    env: cleanEnv({ HOME: cwd, XDG_STATE_HOME: join(cwd, 'state') }),
    stdio: 'pipe',
    ...NOBODY,
  });
  return collect(child);
}

/** A tracker with an issue and a gate. Skips where nobody may not start this jit. */
async function tracker({ skip }: TestContext): Promise<{ cwd: string; id: string }> {
  const cwd = tempFolder();
  if (isRoot) chownSync(cwd, 65_534, 65_534);
  const made = await jitAsNobody(cwd, 'init').catch(() => null);
  if (made?.exit !== 0) skip('another user can not start jit from here');
  await jitAsNobody(cwd, 'gate', 'define', 'review', '--stage', 'done');
  const created = await jitAsNobody(cwd, 'issue', 'create', 'first');
  return { cwd, id: JSON.parse(created.stdout).id };
}

describe('a missing right', () => {
  it.for(['issues', 'gates', 'the month of the log'])(
    'to write %s ends a write before it is durable, and nothing is left to be done',
    async (what, context) => {
      const { cwd, id } = await tracker(context);
      const [month = ''] = readdirSync(join(cwd, '.jit', 'events'));
      const path = join(cwd, '.jit', what.startsWith('the month') ? `events/${month}` : what);
      const write =
        what === 'gates'
          ? ['gate', 'update', 'review', '--title', 'second']
          : ['issue', 'update', id, '--title', 'second'];
      const read = what === 'gates' ? ['gate', 'show', 'review'] : ['issue', 'show', id];
      const before = await jitAsNobody(cwd, ...read);
      chmodSync(path, what.startsWith('the month') ? 0o444 : 0o555);
      const ended = await jitAsNobody(cwd, ...write);
      expect(ended.exit).toBe(5);
      const { error } = JSON.parse(ended.stdout);
      expect(error).toMatchObject({ code: 'NOT_WRITABLE', details: { path } });
      expect(error.message).toContain('nothing was changed');
      chmodSync(path, what.startsWith('the month') ? 0o644 : 0o755);
      expect((await jitAsNobody(cwd, ...read)).stdout).toBe(before.stdout);
      expect((await jitAsNobody(cwd, ...write)).exit).toBe(0);
    },
  );

  it('to read the issues is exit 5 with the place, and no bug', async (context) => {
    const { cwd } = await tracker(context);
    const path = join(cwd, '.jit', 'issues');
    chmodSync(path, 0o000);
    for (const argv of [['query', 'all'], ['validate'], ['status'], ['export']]) {
      const ended = await jitAsNobody(cwd, ...argv);
      expect(ended.exit, argv.join(' ')).toBe(5);
      const { error } = JSON.parse(ended.stdout);
      expect(error.code).toBe('NOT_READABLE');
      expect(error.message).toContain(path);
    }
    chmodSync(path, 0o755);
    const [issue] = JSON.parse((await jitAsNobody(cwd, 'query', 'all')).stdout);
    expect(issue.title).toBe('first');
  });

  it.each(['issues', 'gates'])(
    'and a file in the place of %s are told, and nothing counts as deleted',
    async (what) => {
      const cwd = tempFolder();
      await runBundle('jit', ['init'], { cwd });
      await runBundle('jit', ['gate', 'define', 'review', '--stage', 'done'], { cwd });
      await runBundle('jit', ['issue', 'create', 'first', '--gate', 'review'], { cwd });
      const before = await runBundle('jit', ['export'], { cwd });
      const path = join(cwd, '.jit', what);
      renameSync(path, `${path}.away`);
      writeFileSync(path, '');
      for (const argv of [
        ['query', 'all'],
        ['validate'],
        ['issue', 'create', 'second'],
        ['gate', 'define', 'tests'],
      ]) {
        const ended = await runBundle('jit', [...argv, '--json'], { cwd });
        expect([5, 10], argv.join(' ')).toContain(ended.exit);
        expect(JSON.parse(ended.stdout).error.message).toContain(path);
      }
      rmSync(path);
      renameSync(`${path}.away`, path);
      expect((await runBundle('jit', ['export'], { cwd })).stdout).toBe(before.stdout);
    },
  );
});
