import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it, onTestFinished } from 'vitest';

type Sqlite = typeof import('better-sqlite3');
const Database: Sqlite = createRequire(import.meta.url)('better-sqlite3');

async function tracker(): Promise<string> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  await runBundle('jit', ['issue', 'create', 'first'], { cwd });
  return cwd;
}

/** Takes the lock of a tracker, as another process would. */
function holdLock(cwd: string): { release(): void } {
  const db = new Database(join(cwd, '.jit', 'local', 'lock.db'));
  db.exec('BEGIN IMMEDIATE');
  onTestFinished(() => void db.close());
  return { release: () => void db.exec('ROLLBACK') };
}

describe('the lock', () => {
  it('that is not had in time ends a write with exit 75 and names who has it', async () => {
    const cwd = await tracker();
    holdLock(cwd);
    const ended = await runBundle(
      'jit',
      ['issue', 'create', 'second', '--lock-timeout', '0.2', '--json'],
      { cwd },
    );
    expect(ended.exit).toBe(75);
    const { error } = JSON.parse(ended.stdout);
    expect(error).toMatchObject({
      code: 'LOCK_TIMEOUT',
      retryable: true,
      details: { holder: { actor: 'tester' } },
    });
    expect(error.message).toMatch(/process \d+ \(tester: jit issue create/);
  });

  it('is not waited for by reads', async () => {
    const cwd = await tracker();
    holdLock(cwd);
    const titles = (await jitJson<{ title: string }[]>(['query', 'ready'], { cwd })).map(
      (issue) => issue.title,
    );
    expect(titles).toEqual(['first']);
  });

  it('is given to the next one when it becomes free', async () => {
    const cwd = await tracker();
    const lock = holdLock(cwd);
    const waiting = runBundle('jit', ['issue', 'create', 'second'], { cwd });
    setTimeout(() => lock.release(), 300);
    expect((await waiting).exit).toBe(0);
  });

  it('is not confused by a lock file that was put in the place of another', async () => {
    const { rmSync } = await import('node:fs');
    const cwd = await tracker();
    rmSync(join(cwd, '.jit', 'local', 'lock.db'));
    expect((await runBundle('jit', ['issue', 'create', 'second'], { cwd })).exit).toBe(0);
  });

  it('is refused with exit 3 where there is no tracker, with the places that were looked at', async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, 'deep'));
    const ended = await runBundle('jit', ['query', 'ready', '--json'], { cwd: join(cwd, 'deep') });
    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout).error.details.looked_in.slice(0, 2)).toEqual([
      join(cwd, 'deep', '.jit'),
      join(cwd, '.jit'),
    ]);
  });
});
