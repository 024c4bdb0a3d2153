import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Kills a write of the test build right after it became durable, with no file changed yet. */
async function killedAtOnceDurable(cwd: string, ...argv: string[]): Promise<void> {
  const ended = await runBundle('jit (test build)', argv, { cwd, env: { JIT_TEST_KILL_AT: '4' } });
  expect(ended.signal).toBe('SIGKILL');
}

const noted = (cwd: string) =>
  jitJson<object[]>(['events', 'query', '--type', 'merge_conflict'], { cwd });

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

  it('and whose gate was edited meanwhile is merged, too, with a checker that stays whole', async () => {
    const { cwd } = await oneIssue();
    await runBundle('jit', ['gate', 'define', 'lint', '--stage', 'done', '--command', 'true'], {
      cwd,
    });
    const path = join(cwd, '.jit', 'gates', 'lint.json');
    await killedAtOnceDurable(cwd, 'gate', 'update', 'lint', '--title', 'T', '--command', 'mine');
    const gate = JSON.parse(readFileSync(path, 'utf8'));
    gate.description = 'edited';
    gate.checker.command = 'edited';
    writeFileSync(path, JSON.stringify(gate));
    await runBundle('jit', ['query', 'ready'], { cwd });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      title: 'T',
      description: 'edited',
      checker: { command: 'edited' },
    });
    expect(await noted(cwd)).toMatchObject([
      {
        issue: null,
        gate: 'lint',
        field: 'checker',
        kept: { checker: { command: 'edited' } },
        other: { checker: { command: 'mine' } },
      },
    ]);
  });

  it('and that claimed what git brought claimed by somebody else is told as a double claim, and its token is lost', async () => {
    const { cwd, id, file } = await oneIssue();
    const token = 'b'.repeat(32);
    const claim = (who: string) => ['issue', 'claim', id, who, '--ttl', '600'];
    await killedAtOnceDurable(cwd, ...claim('bob'), '--claim', token);
    const issue = JSON.parse(readFileSync(file, 'utf8'));
    issue.state = 'in_progress';
    issue.assignee = 'ana';
    issue.attempt = 1;
    issue.claim = {
      since: '2026-01-01T00:00:00.000Z',
      ttl_secs: 600,
      token_hash: 'of ana',
      origin: 'another clone',
    };
    writeFileSync(file, JSON.stringify(issue));
    const told = `two claims on ${id}: ana (attempt 1) keeps it, bob (attempt 1) has lost it`;
    for (let round = 0; round < 2; round += 1)
      expect((await runBundle('jit', ['query', 'all'], { cwd })).stderr).toContain(told);
    const validated = await runBundle('jit', ['validate'], { cwd });
    expect(validated.stdout).toContain('DOUBLE_CLAIM');
    const beat = await runBundle('jit', ['issue', 'heartbeat', id, '--claim', token], { cwd });
    expect(beat.exit).toBe(7);
    const next = await runBundle('jit', ['issue', 'create', 'the next write'], { cwd });
    expect(next.stderr).toContain(told);
    expect(await noted(cwd)).toMatchObject([{ issue: id, field: 'claim' }]);
    expect(JSON.stringify(await noted(cwd))).not.toContain('of ana');
    expect((await runBundle('jit', ['query', 'all'], { cwd })).stderr).toBe('');
  });

  it('is merged once, however often its recovery is killed', async () => {
    const { cwd, id, file } = await oneIssue();
    await killedAtOnceDurable(cwd, 'issue', 'claim', id, 'bob', '--ttl', '600');
    const text = readFileSync(file, 'utf8')
      .replace('"first"', '"edited"')
      .replace('"state": "open"', '"state": "in_progress"')
      .replace('"assignee": null', '"assignee": "ana"')
      .replace('"attempt": 0', '"attempt": 1');
    writeFileSync(file, text);
    // Steps of the recovery itself: renamed, appended, synced.
    for (const step of ['1', '2', '3']) {
      const env = { JIT_TEST_KILL_AT: step };
      const ended = await runBundle('jit (test build)', ['query', 'all'], { cwd, env });
      expect(ended.signal).toBe('SIGKILL');
    }
    await runBundle('jit', ['query', 'all'], { cwd });
    expect(JSON.parse(readFileSync(file, 'utf8')).conflicts).toHaveLength(1);
  });

  it('and whose file was deleted meanwhile brings it back and notes that', async () => {
    const { cwd, id, file } = await oneIssue();
    await killedAtOnceDurable(cwd, 'issue', 'update', id, '--title', 'second');
    rmSync(file);
    expect((await jitJson<Shown>(['issue', 'show', id], { cwd })).title).toBe('second');
    expect(await noted(cwd)).toMatchObject([
      { issue: id, field: 'file', kept: 'edited', other: 'deleted' },
    ]);
  });

  it('and that deletes what was edited meanwhile leaves it there and notes that once', async () => {
    const { cwd, id, file } = await oneIssue();
    await killedAtOnceDurable(cwd, 'issue', 'delete', id);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"first"', '"edited"'));
    await runBundle('jit', ['issue', 'create', 'the next write'], { cwd });
    expect((await jitJson<Shown>(['issue', 'show', id], { cwd })).title).toBe('edited');
    expect(await noted(cwd)).toMatchObject([
      { issue: id, field: 'file', kept: 'edited', other: 'deleted' },
    ]);
    const { findings } = await jitJson<{ findings: object[] }>(['validate'], { cwd });
    expect(findings).toMatchObject([{ code: 'DELETED_AND_EDITED', subject: id }]);
  });

  it('holds up later writes of its own file only, and all of them follow when they can', async () => {
    const { cwd, id, file } = await oneIssue();
    await killedAtOnceDurable(cwd, 'issue', 'update', id, '--title', 'second');
    const before = readFileSync(file);
    rmSync(file);
    mkdirSync(file); // can't be replaced, not even by root
    const other = await jitJson<{ id: string }>(['issue', 'create', 'other'], { cwd });
    expect(readFileSync(file.replace(id, other.id), 'utf8')).toContain('other');
    await jitJson(['issue', 'comment', other.id, 'a word'], { cwd });
    expect((await jitJson<Shown>(['issue', 'show', id], { cwd })).title).toBe('second');
    const { findings } = await jitJson<{ findings: { code: string }[] }>(['validate'], { cwd });
    expect(findings.map(({ code }) => code)).toEqual(['PENDING_WRITE']);
    rmSync(file, { recursive: true });
    writeFileSync(file, before);
    await runBundle('jit', ['query', 'all'], { cwd });
    expect(JSON.parse(readFileSync(file, 'utf8')).title).toBe('second');
    const after = await jitJson<{ findings: object[] }>(['validate'], { cwd });
    expect(after.findings).toEqual([]);
    const log = await jitJson<{ type: string }[]>(['events', 'query'], { cwd });
    expect(log.filter(({ type }) => type === 'issue_updated')).toHaveLength(1);
    expect(log.filter(({ type }) => type === 'comment_added')).toHaveLength(1);
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
