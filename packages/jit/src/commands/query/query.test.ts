import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

const titles = (issues: readonly { title: string }[]) => issues.map(({ title }) => title);

describe('query ready', () => {
  test('is ordered by priority, then age', async () => {
    const { create, json } = await tempTracker();
    for (const [title, priority] of [
      ['a', 'low'],
      ['b', 'normal'],
      ['c', 'critical'],
      ['d', 'normal'],
    ] as const) {
      await create(title, '-p', priority);
    }
    expect(titles(await json('query ready'))).toEqual(['c', 'b', 'd', 'a']);
    expect(titles(await json('ready --priority normal,low'))).toEqual(['b', 'd', 'a']);
  });

  test('is an empty array and exit 0 when nothing is ready', async () => {
    const { json, run } = await tempTracker();
    expect(await json('query ready')).toEqual([]);
    expect(await run('query ready')).toEqual({ exit: 0, stdout: '', stderr: '' });
  });

  test('says on stderr where --limit cuts', async () => {
    const { create, run } = await tempTracker();
    for (const title of ['a', 'b', 'c']) await create(title);
    const { stdout, stderr } = await run('query ready --limit 2');
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toBe('warning: showing 2 of 3\n');
  });

  test('gives whole issues with --full', async () => {
    const { create, json } = await tempTracker();
    await create('a', '-d', 'the text');
    expect((await json('query ready --full'))[0]).toMatchObject({
      description: 'the text',
      comments: [],
    });
  });

  test.each([
    ['conflict markers', '<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n'],
    ['a newer schema', '{"schema": 99}'],
    ['no JSON', 'hello'],
    ['half a file', '{"schema": 1, "id": "'],
    ['the wrong id', '{"schema":1,"id":"other","title":"x","state":"open","priority":"normal"}'],
  ])('answers without a file with %s, names it and leaves it as it is', async (_, text) => {
    const { create, json, run, fails, dir } = await tempTracker();
    const [broken, waiting, fine] = [
      await create('broken'),
      await create('waiting'),
      await create('fine'),
    ];
    await json(['dep', 'add', waiting, broken]);
    const path = join(dir, '.jit', 'issues', `${broken}.json`);
    writeFileSync(path, text);
    const { exit, stdout, stderr } = await run('query ready --json');
    expect([exit, titles(JSON.parse(stdout))]).toEqual([0, ['fine']]);
    expect(stderr).toContain(`.jit/issues/${broken}.json can't be used`);
    const blocked = await json('query blocked');
    expect(blocked[0].blockers).toEqual([
      { type: 'dependency', issue: broken, state: 'unreadable' },
    ]);
    expect(await fails(`issue show ${broken}`)).toMatchObject({ exit: 4, code: 'UNREADABLE' });
    expect(await fails(['dep', 'add', broken, fine])).toMatchObject({
      exit: 4,
      code: 'UNREADABLE',
    });
    expect((await run(['dep', 'add', fine, waiting])).stderr).toContain(broken);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('an unreadable file last known as done does not hold others back', async () => {
    const { create, json, dir } = await tempTracker();
    const [first, second] = [await create('first'), await create('second')];
    await json(['dep', 'add', second, first]);
    await json(`issue update ${first} --state done`);
    await json(`issue archive ${first}`);
    writeFileSync(join(dir, '.jit', 'issues', `${first}.json`), '{');
    expect(titles(await json('query ready'))).toEqual(['second']);
  });
});

describe('the other queries', () => {
  test('blocked lists open issues that wait, with typed blockers', async () => {
    const { create, json, run } = await tempTracker();
    await json('gate define review');
    const a = await create('a');
    await create('b', '--dep', a, '--gate', 'review', '--defer-until', '2099-01-01T00:00:00Z');
    const [blocked, ...others] = await json('blocked');
    expect(others).toEqual([]);
    expect(blocked.blockers.map(({ type }: { type: string }) => type)).toEqual([
      'dependency',
      'gate',
      'deferred',
    ]);
    expect((await run('query blocked')).stdout).toContain(
      `waits for ${a} (ready); entry gate review pending`,
    );
  });

  test('assignee lists what is unfinished, and with --all what is finished too', async () => {
    const { create, json } = await tempTracker();
    const [a, b] = [await create('a'), await create('b')];
    await create('c');
    for (const id of [a, b]) await json(`issue claim ${id} bot`);
    await json(`issue update ${a} --state done`);
    expect(titles(await json('query assignee bot --json'.replace(' --json', '')))).toEqual(['b']);
    expect(titles(await json('query assignee bot --all'))).toEqual(['a', 'b']);
    expect(await json('query assignee nobody')).toEqual([]);
  });

  test('state tells ready and open apart', async () => {
    const { create, json } = await tempTracker();
    const a = await create('a');
    await create('b', '--dep', a);
    const c = await create('c');
    await json(`issue update ${c} --state done`);
    expect(titles(await json('query state ready'))).toEqual(['a']);
    expect(titles(await json('query state open'))).toEqual(['b']);
    expect(titles(await json('query state done'))).toEqual(['c']);
  });

  test('priority, label and all are ordered by age and take filters', async () => {
    const { create, json } = await tempTracker();
    await create('a', '-p', 'high', '-l', 'x', '-l', 'y');
    await create('b', '-p', 'low', '-l', 'x');
    await create('c', '-p', 'high');
    expect(titles(await json('query priority high'))).toEqual(['a', 'c']);
    expect(titles(await json('query priority high --label x'))).toEqual(['a']);
    expect(titles(await json('query label x'))).toEqual(['a', 'b']);
    expect(titles(await json('query label x --label y'))).toEqual(['a']);
    expect(titles(await json('query all'))).toEqual(['a', 'b', 'c']);
    expect(titles(await json('query all --priority low,high --limit 2'))).toEqual(['a', 'b']);
  });

  test.each([
    ['query state redy', 'ready'],
    ['query priority hihg', 'high'],
    ['query all --priority crtical', 'critical'],
  ])('%s is refused with the nearest value', async (line, nearest) => {
    const { fails } = await tempTracker();
    expect(await fails(line)).toMatchObject({ exit: 2, details: { nearest } });
  });

  test('outside a tracker are exit 3 and name where was looked', async () => {
    const { fails, dir } = await tempTracker();
    const failure = await fails('query all', { env: { JIT_DIR: join(dir, 'nowhere') } });
    expect(failure).toMatchObject({ exit: 3, code: 'NOT_A_TRACKER' });
  });
});
