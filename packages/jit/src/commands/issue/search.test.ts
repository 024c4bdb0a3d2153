import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type Json, type TempTracker, tempTracker } from '../../../test/support/temp-tracker.ts';

const idsOf = (found: Json) => found.map(({ id }: Json) => id);

async function search({ json }: TempTracker, ...text: string[]): Promise<string[]> {
  return idsOf(await json(['issue', 'search', ...text]));
}

/** How many issues the full text does not know yet; -1 where there is none. */
function behind({ dir }: TempTracker): number {
  const db = new Database(join(dir, '.jit', 'local', 'index.db'), { readonly: true });
  try {
    if (db.prepare("SELECT 1 FROM meta WHERE key = 'full_text'").get() === undefined) return -1;
    return Number(db.prepare('SELECT count(*) FROM unsearched').pluck().get());
  } finally {
    db.close();
  }
}

describe('issue search', () => {
  test('finds words in id, title, labels, description, criteria and comments, best first', async () => {
    const tracker = await tempTracker();
    const { create, json } = tracker;
    const commented = await create('One');
    await json(['issue', 'comment', commented, 'the walrus again']);
    const described = await create('Two', '-d', 'about a walrus');
    const criterion = await create('Three', '--acceptance', 'the walrus is fed');
    const labelled = await create('Four', '--label', 'animal:walrus');
    const titled = await create('Feed the walrus');
    const finished = await create('Walrus washed');
    await json(`issue update ${finished} --state done`);
    await create('Seal');
    // Once without the full text, once with it.
    for (const times of ['first', 'second']) {
      expect(await search(tracker, 'walrus'), times).toEqual([
        titled,
        finished,
        labelled,
        criterion,
        described,
        commented,
      ]);
    }
    expect(behind(tracker)).toBe(0);
    expect(await search(tracker, titled.slice(0, 5))).toEqual([titled]);
    expect(await search(tracker, 'walrus', 'feed')).toEqual([titled]);
    expect(await search(tracker, '"walrus washed"')).toEqual([finished]);
    expect(await search(tracker, '"washed walrus"')).toEqual([]);
    expect(idsOf(await json('issue search walrus --state done'))).toEqual([finished]);
    const cut = await tracker.run('issue search walrus --limit 2 --json');
    expect([idsOf(JSON.parse(cut.stdout)), cut.stderr]).toEqual([
      [titled, finished],
      'warning: showing 2 of 6\n',
    ]);
  });

  test('keeps up with every kind of change, also from outside and inside a batch', async () => {
    const tracker = await tempTracker();
    const { create, json, dir, file, batch } = tracker;
    const [a, b] = [await create('apple'), await create('banana')];
    expect(await search(tracker, 'apple')).toEqual([a]);
    await json(['issue', 'update', b, '-t', 'apple pie']);
    expect(new Set(await search(tracker, 'apple'))).toEqual(new Set([a, b]));
    expect(await search(tracker, 'banana')).toEqual([]);
    await json(`issue delete ${a}`);
    expect(await search(tracker, 'apple')).toEqual([b]);
    await json(['issue', 'comment', b, 'cherry']);
    expect(await search(tracker, 'cherry')).toEqual([b]);
    const path = join(dir, '.jit', 'issues', `${b}.json`);
    writeFileSync(path, JSON.stringify({ ...file(b), title: 'damson' }));
    expect(await search(tracker, 'damson')).toEqual([b]);
    expect(await search(tracker, 'pie')).toEqual([]);
    const { answers } = await batch([
      ['issue', 'create', 'elderberry'],
      ['issue', 'search', 'elder'],
    ]);
    expect(idsOf(answers[1].result)).toEqual([answers[0].result.id]);
    rmSync(path);
    expect(await search(tracker, 'damson')).toEqual([]);
    expect(behind(tracker)).toBe(0);
  });

  test('finds a comment that came in with a merge', async () => {
    const tracker = await tempTracker();
    const { create, dir } = tracker;
    const id = await create('One');
    expect(await search(tracker, 'fig')).toEqual([]);
    const at = '2020-01-01T00:00:00.000Z';
    const event = {
      id: '01DXF6DT00AAAAAAAAAAAAAAAA',
      at,
      type: 'comment_added',
      issue: id,
      actor: 'bo',
      text: 'a fig',
    };
    writeFileSync(join(dir, '.jit', 'events', '2020-01.jsonl'), `${JSON.stringify(event)}\n`);
    expect(await search(tracker, 'fig')).toEqual([id]);
    expect(await search(tracker, 'fig')).toEqual([id]);
    expect(behind(tracker)).toBe(0);
  });

  test('takes no text for syntax, and refuses one without a word', async () => {
    const tracker = await tempTracker();
    const { create, run, fails } = tracker;
    const id = await create('a "quoted" OR NOT (title): x*y {z} ^ NEAR(b) -- café 😀 ‮abc');
    await search(tracker, 'warm');
    const hostile = [
      '"',
      'OR',
      'NOT quoted',
      '(title',
      'title: x*',
      'x* AND',
      'NEAR(b',
      '^x',
      '-x',
      'CAFE',
      "it's",
      '\\',
      '"quoted" OR',
      'abc',
    ];
    for (const text of hostile) {
      const ended = await run(['issue', 'search', '--json', '--', text]);
      expect([text, ended.exit === 0 || ended.exit === 2]).toEqual([text, true]);
    }
    expect(await search(tracker, 'CAFE')).toEqual([id]);
    for (const text of ['"', '\\', '!!! 😀']) {
      expect((await fails(['issue', 'search', text])).exit).toBe(2);
    }
  });

  test('finds the same from the files alone and with a damaged index', async () => {
    const tracker = await tempTracker();
    const { create, json, dir } = tracker;
    const a = await create('north wind');
    await json(['issue', 'comment', await create('south'), 'the wind turned']);
    const found = await search(tracker, 'wind');
    expect(found).toHaveLength(2);
    expect(found[0]).toBe(a);
    const local = join(dir, '.jit', 'local');
    const index = readFileSync(join(local, 'index.db'));
    writeFileSync(join(local, 'index.db'), index.fill(7, 4096));
    expect(await search(tracker, 'wind')).toEqual(found);
    if (process.getuid?.() === 0) console.log('search without a writable local/: skipped for root');
    else {
      rmSync(local, { recursive: true });
      chmodSync(join(dir, '.jit'), 0o500);
      try {
        expect(await search(tracker, 'wind')).toEqual(found);
      } finally {
        chmodSync(join(dir, '.jit'), 0o700);
      }
    }
    rmSync(local, { recursive: true, force: true });
    writeFileSync(local, 'in the way');
    expect(await search(tracker, 'wind')).toEqual(found);
  });

  test('survives an index of another version, which is made anew with what it held', async () => {
    const tracker = await tempTracker();
    const id = await tracker.create('east wind');
    expect(await search(tracker, 'wind')).toEqual([id]);
    expect(behind(tracker)).toBe(0);
    const db = new Database(join(tracker.dir, '.jit', 'local', 'index.db'));
    db.pragma('user_version = 1');
    db.close();
    expect(await search(tracker, 'wind')).toEqual([id]);
    const other = await tracker.create('west wind');
    expect(await search(tracker, 'wind')).toEqual([other, id]);
    expect(await search(tracker, 'wind')).toEqual([other, id]);
    expect(behind(tracker)).toBe(0);
  });

  test('takes 6,000 issues into the full text bit by bit, and finds all of them meanwhile', async () => {
    const tracker = await tempTracker();
    for (let at = 0; at < 6000; at += 1) {
      const id = `many-${at}`;
      const issue = { schema: 1, id, title: `number n${at % 100}`, state: 'done', priority: 'low' };
      const text = JSON.stringify({ ...issue, created_at: '2026-01-01T00:00:00Z' });
      writeFileSync(join(tracker.dir, '.jit', 'issues', `${id}.json`), text);
    }
    const left: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await search(tracker, '"n42"')).toHaveLength(60);
      left.push(behind(tracker));
    }
    expect(left).toEqual([3500, 1000, 0, 0]);
    console.log(`search: 6,000 issues, left after each search: ${left.join(', ')}`);
  });
});
