import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jitJson, runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

interface Shown {
  readonly title: string;
  readonly labels: string[];
}

async function oneIssue(): Promise<{ cwd: string; id: string; file: string }> {
  const cwd = tempFolder();
  await runBundle('jit', ['init'], { cwd });
  const { id } = await jitJson<{ id: string }>(['issue', 'create', 'first'], { cwd });
  return { cwd, id, file: join(cwd, '.jit', 'issues', `${id}.json`) };
}

/** Runs a write of the test build that can't bring its change into the files. */
const failing = (cwd: string, step: string, ...argv: string[]) =>
  runBundle('jit (test build)', [...argv, '--json'], { cwd, env: { JIT_TEST_FAIL_AT: step } });

describe('a write that can not be finished', () => {
  it('before it is durable changes nothing and says so', async () => {
    const { cwd, id, file } = await oneIssue();
    const before = readFileSync(file, 'utf8');
    const ended = await failing(cwd, 'staged', 'issue', 'update', id, '--title', 'second');
    expect(ended.exit).toBe(10);
    expect(JSON.parse(ended.stdout).error).toMatchObject({ code: 'CANNOT_STAGE', retryable: true });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await jitJson<Shown>(['issue', 'show', id], { cwd })).title).toBe('first');
  });

  it('after it is durable is answered from the journal and finished by the next command', async () => {
    const { cwd, id, file } = await oneIssue();
    const ended = await failing(cwd, 'renamed', 'issue', 'update', id, '--title', 'second');
    expect(ended.exit).toBe(10);
    expect(JSON.parse(ended.stdout).error.code).toBe('WRITE_PENDING');
    expect((await jitJson<Shown>(['issue', 'show', id], { cwd })).title).toBe('second');
    expect(JSON.parse(readFileSync(file, 'utf8')).title).toBe('second');
  });

  it('and whose file was edited meanwhile is merged, with both changes kept', async () => {
    const { cwd, id, file } = await oneIssue();
    const ended = await runBundle(
      'jit (test build)',
      ['issue', 'update', id, '--add-label', 'mine'],
      {
        cwd,
        env: { JIT_TEST_KILL_AT: '4' },
      },
    );
    expect(ended.signal).toBe('SIGKILL');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"first"', '"edited"'));
    const shown = await jitJson<Shown>(['issue', 'show', id], { cwd });
    expect([shown.title, shown.labels]).toEqual(['edited', ['mine']]);
  });

  it('and whose field was edited meanwhile keeps the value on disk and notes the other in an event', async () => {
    const { cwd, id, file } = await oneIssue();
    await runBundle('jit (test build)', ['issue', 'update', id, '--title', 'mine'], {
      cwd,
      env: { JIT_TEST_KILL_AT: '4' },
    });
    writeFileSync(file, readFileSync(file, 'utf8').replace('"first"', '"edited"'));
    expect((await jitJson<Shown>(['issue', 'show', id], { cwd })).title).toBe('edited');
    const events = await jitJson<object[]>(['events', 'query', '--type', 'merge_conflict'], {
      cwd,
    });
    expect(events).toMatchObject([{ issue: id, field: 'title', kept: 'edited', other: 'mine' }]);
  });

  it('leaves a torn event line behind, which is mended without losing or doubling a line', async () => {
    const { cwd, id } = await oneIssue();
    await runBundle('jit (test build)', ['issue', 'update', id, '--title', 'second'], {
      cwd,
      env: { JIT_TEST_KILL_AT: '5' },
    });
    const month = join(cwd, '.jit', 'events', `${new Date().toISOString().slice(0, 7)}.jsonl`);
    const before = readFileSync(month, 'utf8');
    await runBundle('jit', ['query', 'ready'], { cwd });
    const whole = readFileSync(month, 'utf8');
    const added = whole.slice(before.length);
    expect(added.trim().split('\n')).toHaveLength(1);
    const { id: other } = await jitJson<{ id: string }>(['issue', 'create', 'other'], { cwd });
    writeFileSync(month, `${readFileSync(month, 'utf8')}{"id":"torn by someone`);
    await runBundle('jit', ['issue', 'update', other, '--title', 'renamed'], { cwd });
    const lines = readFileSync(month, 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('torn by someone'))).toEqual([
      '{"id":"torn by someone',
    ]);
    expect(lines.filter((line) => line.startsWith('{"id":"0'))).toHaveLength(lines.length - 1);
  });
});
