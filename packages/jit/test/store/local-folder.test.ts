import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

const QUESTIONS = [
  ['query', 'ready'],
  ['query', 'blocked'],
  ['query', 'all', '--full'],
  ['query', 'assignee', 'agent'],
  ['query', 'state', 'done'],
  ['query', 'label', 'odd'],
  ['events', 'query'],
  ['gate', 'list'],
  ['status'],
  ['validate'],
];

/** A tracker with issues in every state. */
async function busyTracker(): Promise<string> {
  const cwd = tempFolder();
  const jit = (...argv: string[]) => runBundle('jit', argv, { cwd });
  await jit('init');
  await jit('gate', 'define', 'review', '--stage', 'done');
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const dep = n % 3 === 2 ? ['--dep', ids[n - 1] ?? ''] : [];
    const label = n % 2 === 1 ? ['-l', 'odd'] : [];
    const gate = n === 4 ? ['--gate', 'review'] : [];
    ids.push(
      (
        await jitJson<{ id: string }>(
          ['issue', 'create', `issue ${n}`, ...dep, ...label, ...gate],
          { cwd },
        )
      ).id,
    );
  }
  await jit('issue', 'update', ids[0] ?? '', '--state', 'done');
  await jit('issue', 'update', ids[4] ?? '', '--state', 'done');
  await jit('issue', 'reject', ids[3] ?? '');
  await jit('issue', 'claim', ids[6] ?? '', 'agent');
  await jit('issue', 'comment', ids[7] ?? '', 'a word');
  return cwd;
}

const answersOf = async (cwd: string) =>
  Promise.all(
    QUESTIONS.map((argv) =>
      runBundle('jit', [...argv, '--json'], { cwd }).then((ended) => ended.stdout),
    ),
  );

describe('the local folder', () => {
  it('can be deleted without changing an answer', async () => {
    const cwd = await busyTracker();
    const before = await answersOf(cwd);
    rmSync(join(cwd, '.jit', 'local'), { recursive: true });
    expect(await answersOf(cwd)).toEqual(before);
  });

  it('can lose its index alone without changing an answer', async () => {
    const cwd = await busyTracker();
    const before = await answersOf(cwd);
    for (const file of readdirSync(join(cwd, '.jit', 'local'))) {
      if (file.startsWith('index.db')) rmSync(join(cwd, '.jit', 'local', file));
    }
    expect(await answersOf(cwd)).toEqual(before);
    expect(existsSync(join(cwd, '.jit', 'local', 'index.db'))).toBe(true);
  });

  it('gives the same answers twice, byte for byte', async () => {
    const cwd = await busyTracker();
    expect(await answersOf(cwd)).toEqual(await answersOf(cwd));
  });

  it('can have a damaged index: it is made anew', async () => {
    const cwd = await busyTracker();
    const before = await answersOf(cwd);
    writeFileSync(
      join(cwd, '.jit', 'local', 'index.db'),
      'this is no database, and long enough to look like one'.repeat(200),
    );
    expect(await answersOf(cwd)).toEqual(before);
  });

  it('need not be writable for reading, and a write says that it is not', async () => {
    const cwd = await busyTracker();
    const before = await answersOf(cwd);
    // A file in its place can't be written as a folder by anyone, root included.
    rmSync(join(cwd, '.jit', 'local'), { recursive: true });
    writeFileSync(join(cwd, '.jit', 'local'), '');
    expect(await answersOf(cwd)).toEqual(before);
    const write = await runBundle('jit', ['issue', 'create', 'no', '--json'], { cwd });
    expect(write.exit).toBe(5);
    expect(JSON.parse(write.stdout).error.code).toBe('NOT_WRITABLE');
  });
});
