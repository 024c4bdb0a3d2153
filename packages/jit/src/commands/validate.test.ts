import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Json, TempTracker } from '../../test/support/temp-tracker.ts';
import { tempTracker } from '../../test/support/temp-tracker.ts';

async function findings(tracker: TempTracker): Promise<{ exit: number; found: Json[] }> {
  const { exit, stdout } = await tracker.run('validate --json');
  return { exit, found: JSON.parse(stdout).findings };
}

/** Writes an issue file by hand, as a merge or an editor would. */
function edit(tracker: TempTracker, id: string, change: Record<string, unknown>): void {
  const path = join(tracker.dir, '.jit', 'issues', `${id}.json`);
  let text: Json = {
    schema: 1,
    id,
    title: id,
    state: 'open',
    priority: 'normal',
    created_at: '2026-01-01T00:00:00.000Z',
  };
  try {
    text = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // There is none yet.
  }
  writeFileSync(path, JSON.stringify({ ...text, ...change }));
}

const codes = (found: readonly { code: string }[]) => found.map(({ code }) => code);

test('a sound tracker has no findings, also after a long life', async () => {
  const tracker = await tempTracker();
  const { create, json, run } = tracker;
  await json('gate define tests --stage done');
  const [a, b] = [await create('A', '--gate', 'tests'), await create('B')];
  await json(['dep', 'add', b, a]);
  const { claim } = await json(`issue claim ${a} bot --ttl 60`);
  await run(`issue update ${a} --state done --claim ${claim.token}`);
  await json(`gate pass ${a} tests`);
  await json(`issue archive ${a}`);
  await json(`issue reject ${b} --reason no`);
  const gone = await create('C');
  await json(`issue delete ${gone}`);
  expect(await findings(tracker)).toEqual({ exit: 0, found: [] });
  const { stdout } = await run('validate');
  expect(stdout).toBe('0 errors, 0 warnings in 2 issues and 1 gate\n');
});

describe('errors exit 4 and name the subject', () => {
  test.each([
    ['what a merge left in it', 'schema = 1\n<<<<<<< ours\n', '2: no valid TOML'],
    ['a schema of a newer program', 'schema = 9\n', '1: its schema 9 is newer'],
    ['values that do not fit', '[claim]\nttl_secs = 0\n', '2: claim.ttl_secs is not between'],
  ])('CONFIG_INVALID: %s', async (_, text, words) => {
    const tracker = await tempTracker();
    writeFileSync(join(tracker.dir, '.jit', 'config.toml'), text);
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['CONFIG_INVALID']]);
    expect(found[0]).toMatchObject({ subject: '.jit/config.toml' });
    expect(found[0].message).toContain(`config.toml:${words}`);
  });

  test('DANGLING_EDGE', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('A');
    edit(tracker, id, { dependencies: ['gone'] });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['DANGLING_EDGE']]);
    expect(found[0]).toMatchObject({
      severity: 'error',
      subject: id,
      message: `${id} depends on gone, which does not exist`,
    });
    const { stdout } = await tracker.run('validate');
    expect(stdout).toContain('1 error, 0 warnings');
  });

  test('CYCLE, one per knot, with its path', async () => {
    const tracker = await tempTracker();
    edit(tracker, 'aaaa', { dependencies: ['bbbb'] });
    edit(tracker, 'bbbb', { dependencies: ['aaaa', 'cccc'] });
    edit(tracker, 'cccc', { dependencies: ['cccc'] });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['CYCLE', 'CYCLE']]);
    expect(found[0].message).toContain('aaaa → bbbb → aaaa');
    expect(found[1].message).toContain('cccc → cccc');
  });

  test('UNKNOWN_GATE, on unfinished issues only', async () => {
    const tracker = await tempTracker();
    edit(tracker, 'aaaa', { gates: { nope: { status: 'pending' } } });
    edit(tracker, 'bbbb', { gates: { nope: { status: 'pending' } }, state: 'done' });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['UNKNOWN_GATE']]);
    expect(found[0].subject).toBe('aaaa');
  });

  test.each([
    ['conflict markers', '<<<<<<< ours\n=======\n>>>>>>> theirs\n', 'conflict markers'],
    ['a newer schema', '{"schema":2,"id":"aaaa"}', 'newer than this program'],
    ['no JSON', 'hello', 'it is no JSON'],
    ['half a file', '{"schema": 1, "id"', 'it is no JSON'],
  ])('UNREADABLE_FILE: %s', async (_, text, why) => {
    const tracker = await tempTracker();
    const path = join(tracker.dir, '.jit', 'issues', 'aaaa.json');
    writeFileSync(path, text);
    edit(tracker, 'bbbb', { dependencies: ['aaaa'] });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['UNREADABLE_FILE']]);
    expect(found[0]).toMatchObject({
      subject: '.jit/issues/aaaa.json',
      message: expect.stringContaining(why),
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('UNREADABLE_FILE: a gate, whose issues do not count as having an unknown one', async () => {
    const tracker = await tempTracker();
    await tracker.json('gate define review');
    await tracker.create('A', '--gate', 'review');
    writeFileSync(join(tracker.dir, '.jit', 'gates', 'review.json'), '[]');
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['UNREADABLE_FILE']]);
  });

  test('DONE_WITH_OPEN_GATE, unless it was forced', async () => {
    const tracker = await tempTracker();
    const { create, json } = tracker;
    await json('gate define tests --stage done');
    const [wrong, forced] = [
      await create('A', '--gate', 'tests'),
      await create('B', '--gate', 'tests'),
    ];
    await json(`issue update ${forced} --state done --force --reason urgent`);
    edit(tracker, wrong, { state: 'done' });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['DONE_WITH_OPEN_GATE']]);
    expect(found[0]).toMatchObject({ subject: wrong, message: expect.stringContaining('tests') });
    edit(tracker, wrong, { state: 'archived' });
    expect((await findings(tracker)).exit).toBe(4);
  });

  test('an issue that was rejected and archived may have open gates', async () => {
    const tracker = await tempTracker();
    const { create, json } = tracker;
    await json('gate define tests --stage done');
    const id = await create('A', '--gate', 'tests');
    await json(`issue reject ${id} --reason no`);
    await json(`issue archive ${id}`);
    expect(await findings(tracker)).toEqual({ exit: 0, found: [] });
  });

  test('CASE_CLASH', async () => {
    const tracker = await tempTracker();
    edit(tracker, 'abcd', {});
    edit(tracker, 'ABCD', {});
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([4, ['CASE_CLASH']]);
  });
});

describe('warnings exit 0', () => {
  test('ORPHAN_EVENT: the file of an issue is gone, and nobody deleted it', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('A');
    rmSync(join(tracker.dir, '.jit', 'issues', `${id}.json`));
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([0, ['ORPHAN_EVENT']]);
    expect(found[0]).toMatchObject({ severity: 'warning', subject: id });
  });

  test('CLAIM_WITHOUT_LEASE', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('A');
    await tracker.json(`issue claim ${id} bot`);
    expect(codes((await findings(tracker)).found)).toEqual(['CLAIM_WITHOUT_LEASE']);
  });

  test('IN_PROGRESS_WITHOUT_CLAIM', async () => {
    const tracker = await tempTracker();
    edit(tracker, 'aaaa', { state: 'in_progress' });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([0, ['IN_PROGRESS_WITHOUT_CLAIM']]);
  });

  test('CLAIM_UNDONE_BY_GIT: a checkout set the file back while the claim is live', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('A');
    const path = join(tracker.dir, '.jit', 'issues', `${id}.json`);
    const before = readFileSync(path);
    await tracker.json(`issue claim ${id} bot --ttl 600`);
    writeFileSync(path, before);
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([0, ['CLAIM_UNDONE_BY_GIT']]);
    expect(found[0].message).toContain('held by bot (attempt 1)');
  });

  test('MERGE_CONFLICT_FIELDS', async () => {
    const tracker = await tempTracker();
    edit(tracker, 'aaaa', { conflicts: [{ field: 'title', kept: 'a', other: 'b' }] });
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([0, ['MERGE_CONFLICT_FIELDS']]);
  });

  test('DUPLICATE_EDGE', async () => {
    const tracker = await tempTracker();
    edit(tracker, 'aaaa', { dependencies: ['bbbb', 'bbbb'] });
    edit(tracker, 'bbbb', {});
    expect(codes((await findings(tracker)).found)).toEqual(['DUPLICATE_EDGE']);
  });

  test('BAD_EVENT_LINE: the line is named, a torn end as well', async () => {
    const tracker = await tempTracker();
    appendFileSync(
      join(tracker.dir, '.jit', 'events', '2026-01.jsonl'),
      'hello\n{"id":"1","at":"2026-01-01T00:00:00.000Z","type":"claimed","issue":null,"actor":"x"}',
    );
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([0, ['BAD_EVENT_LINE', 'BAD_EVENT_LINE']]);
    expect(found.map(({ subject }) => subject)).toEqual([
      '.jit/events/2026-01.jsonl:1',
      '.jit/events/2026-01.jsonl:2',
    ]);
  });

  test('INDEX_DRIFT: the index is mended, so that it is said once', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('A');
    await tracker.json(`issue update ${id} --state done`);
    await settle(tracker);
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(join(tracker.dir, '.jit', 'local', 'index.db'));
    db.prepare("UPDATE documents SET raw = replace(raw, 'A', 'B') WHERE name = ?").run(id);
    db.close();
    const { exit, found } = await findings(tracker);
    expect([exit, codes(found)]).toEqual([0, ['INDEX_DRIFT']]);
    expect(await findings(tracker)).toEqual({ exit: 0, found: [] });
  });

  test('a finished issue that was edited in place is seen, and is no drift', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('A');
    await tracker.json(`issue update ${id} --state done`);
    await settle(tracker);
    edit(tracker, id, { dependencies: ['gone'] });
    expect(codes((await findings(tracker)).found)).toEqual(['DANGLING_EDGE']);
  });

  describe('a write that is stuck', () => {
    afterEach(() => {
      delete process.env.JIT_TEST_FAIL_AT;
    });

    test('PENDING_WRITE: named until it could be brought into the files', async () => {
      const tracker = await tempTracker();
      process.env.JIT_TEST_FAIL_AT = 'renamed';
      const { exit } = await tracker.run('issue create A');
      expect(exit).toBe(10);
      const stuck = await findings(tracker);
      expect([stuck.exit, codes(stuck.found)]).toEqual([0, ['PENDING_WRITE']]);
      delete process.env.JIT_TEST_FAIL_AT;
      expect(await findings(tracker)).toEqual({ exit: 0, found: [] });
    });
  });
});

test('errors come before warnings', async () => {
  const tracker = await tempTracker();
  edit(tracker, 'aaaa', { state: 'in_progress', dependencies: ['gone'] });
  const { found } = await findings(tracker);
  expect(codes(found)).toEqual(['DANGLING_EDGE', 'IN_PROGRESS_WITHOUT_CLAIM']);
  expect(await tracker.fails('validate --dry-run')).toMatchObject({ exit: 2 });
});

/** Waits until the stamps of files are old enough to be relied on, and lets jit note that. */
async function settle(tracker: TempTracker): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 250));
  await tracker.run('query ready');
  await tracker.run('validate');
}
