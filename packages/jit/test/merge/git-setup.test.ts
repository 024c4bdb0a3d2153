import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundlePath, jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';
import { git, tempRepository } from '../support/git.ts';

interface Setup {
  readonly changed: boolean;
  readonly driver: string;
  readonly steps: readonly { what: string; value: string; status: string }[];
}

const PLAIN_PATH = '/usr/local/bin:/usr/bin:/bin';
const setUp = (cwd: string, env: Record<string, string> = {}) =>
  jitJson<Setup>(['git', 'setup'], { cwd, env: { PATH: PLAIN_PATH, ...env } });

async function repository(): Promise<string> {
  const cwd = tempRepository();
  await runBundle('jit', ['init'], { cwd });
  return cwd;
}

describe('jit git setup', () => {
  it('registers the driver once, for all worktrees, and says what it did', async () => {
    const cwd = await repository();
    const linked = `${dirname(cwd)}/linked`;
    git(cwd, 'worktree', 'add', '--detach', linked);
    const check = await runBundle('jit', ['git', 'setup', '--check'], { cwd: linked });
    expect(check.exit).toBe(4);
    expect(git(cwd, 'config', '--list', '--local')).not.toContain('merge.jit');
    const first = await setUp(linked);
    expect(first.changed).toBe(true);
    expect(git(linked, 'config', '--get', 'merge.jit.driver').trim()).toBe(first.driver);
    expect(first.driver).toContain('merge-driver %O %A %B %P');
    const again = await setUp(cwd);
    expect(again.changed).toBe(false);
    expect(new Set(again.steps.map(({ status }) => status))).toEqual(new Set(['already so']));
    expect(
      (await runBundle('jit', ['git', 'setup', '--check'], { cwd, env: { PATH: PLAIN_PATH } }))
        .exit,
    ).toBe(0);
  });

  it('adds to an older tracker what is missing and keeps what others wrote', async () => {
    const cwd = await repository();
    const attributes = join(cwd, '.jit/.gitattributes');
    writeFileSync(
      attributes,
      '# ours\n*.json text\ngates/*.json merge=binary\nevents/*.jsonl merge=union',
    );
    writeFileSync(join(cwd, '.jit/.gitignore'), 'local\n');
    const done = await setUp(cwd);
    expect(
      done.steps.map(({ value, status }) => [value.split(' ')[0], status]).slice(0, 4),
    ).toEqual([
      ['events/*.jsonl', 'already so'],
      ['issues/*.json', 'set'],
      ['gates/*.json', 'kept'],
      ['/local/', 'already so'],
    ]);
    expect(readFileSync(attributes, 'utf8')).toBe(
      '# ours\n*.json text\ngates/*.json merge=binary\nevents/*.jsonl merge=union\nissues/*.json merge=jit text eol=lf\n',
    );
    expect((await setUp(cwd)).changed).toBe(false);
  });

  it('registers jit where it is on PATH, and by its place where another program or none has the name', async () => {
    const cwd = await repository();
    const bin = join(tempFolder(), "it's 100% odd");
    mkdirSync(bin);
    symlinkSync(bundlePath('jit'), join(bin, 'jit'));
    expect((await setUp(cwd, { PATH: `${bin}:${process.env.PATH}` })).driver).toBe(
      'jit merge-driver %O %A %B %P',
    );
    const other = tempFolder();
    writeFileSync(join(other, 'jit'), '#!/bin/sh\necho another program\n');
    chmodSync(join(other, 'jit'), 0o755);
    const { driver } = await setUp(cwd, { PATH: `${other}:${PLAIN_PATH}` });
    expect(driver).toContain(bundlePath('jit'));
    expect(driver).toContain(process.execPath);
  });

  it('says where there is no repository, and no git', async () => {
    const cwd = tempFolder();
    await runBundle('jit', ['init'], { cwd });
    const none = await runBundle('jit', ['git', 'setup', '--json'], { cwd });
    expect([none.exit, JSON.parse(none.stdout).error.code]).toEqual([3, 'NOT_A_REPOSITORY']);
    const env = { PATH: tempFolder() };
    const missing = await runBundle('jit', ['git', 'setup', '--json'], { cwd, env });
    expect([missing.exit, JSON.parse(missing.stdout).error.code]).toEqual([10, 'GIT_MISSING']);
  });

  it('leaves a tracker without git alone: init writes the lines and runs no git', async () => {
    const cwd = tempFolder();
    await runBundle('jit', ['init'], { cwd, env: { PATH: tempFolder() } });
    const lines = readFileSync(join(cwd, '.jit/.gitattributes'), 'utf8');
    for (const line of [
      'events/*.jsonl merge=union',
      'issues/*.json merge=jit',
      'gates/*.json merge=jit',
    ])
      expect(lines).toContain(line);
  });
});
