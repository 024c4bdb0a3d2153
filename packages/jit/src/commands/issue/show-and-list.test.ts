import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

describe('issue show', () => {
  test('of one id is an object, of several a list in their order', async () => {
    const { create, json } = await tempTracker();
    const [a, b] = [await create('a'), await create('b')];
    expect((await json(`issue show ${a}`)).title).toBe('a');
    const both = await json(`issue show ${b} ${a}`);
    expect(both.map(({ title }: { title: string }) => title)).toEqual(['b', 'a']);
  });

  test('takes a unique prefix and refuses one that is too short, ambiguous or unknown', async () => {
    const { create, json, fails, dir } = await tempTracker();
    const id = await create('a');
    expect((await json(`issue show ${id.slice(0, 4)}`)).id).toBe(id);
    expect(await fails(`issue show ${id.slice(0, 3)}`)).toMatchObject({ exit: 3 });
    for (const name of ['twin-one', 'twin-two']) {
      const file = {
        schema: 1,
        id: name,
        title: name,
        state: 'open',
        created_at: '2026-01-01T00:00:00.000Z',
        created_by: 'ana',
      };
      writeFileSync(join(dir, '.jit', 'issues', `${name}.json`), JSON.stringify(file));
    }
    expect(await fails('issue show twin')).toMatchObject({
      exit: 4,
      code: 'AMBIGUOUS_ID',
      details: { candidates: ['twin-one', 'twin-two'] },
    });
    expect(await fails('issue show null')).toMatchObject({ exit: 2 });
    expect(await fails(['issue', 'show', ''])).toMatchObject({ exit: 2 });
    expect(await fails('issue show')).toMatchObject({ exit: 2 });
    expect(await fails('issue show zzzz')).toMatchObject({ exit: 3 });
  });

  test('tells people everything, with the states of what is around the issue', async () => {
    const { create, json, run } = await tempTracker();
    const first = await create('The first');
    const id = await create(
      'Implement parser',
      '-p',
      'high',
      '-l',
      'area:x',
      '-d',
      'All of it.',
      '--dep',
      first,
      '--gate',
      'review',
      '--define',
      '--acceptance',
      'it parses',
      '--link',
      'pr=7',
      '--meta',
      'k=v',
      '--document',
      'docs/a.md',
    );
    const after = await create('The next', '--dep', id);
    await json(['issue', 'comment', id, 'two\nlines']);
    const { stdout } = await run(`issue show ${id}`);
    expect(stdout).toContain(
      `${id}  Implement parser\nopen · high · area:x\nwaits for ${first} (ready); entry gate review pending\n`,
    );
    expect(stdout).toContain('\n\nAll of it.\n\nAcceptance criteria\n  - it parses\n');
    expect(stdout).toContain(`Depends on\n  ${first.slice(0, 4)}  ready  The first\n`);
    expect(stdout).toContain(`Needed by\n  ${after.slice(0, 4)}  open  The next\n`);
    expect(stdout).toContain('Gates\n  review (entry, manual)  pending\n');
    expect(stdout).toContain('Links\n  pr: 7\n');
    expect(stdout).toMatch(/ana: two\n {2}lines\n$/);
  });

  test('names who claims it, who did it, and a dependency that is missing', async () => {
    const { create, json, run, dir, file } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one --ttl 60`);
    expect((await run(`issue show ${id}`)).stdout).toMatch(
      /claimed by one since \S+, attempt 1, lease until/,
    );
    const done = await create('y');
    await json(`issue claim ${done} two`);
    await json(`issue update ${done} --state done`);
    expect((await run(`issue show ${done}`)).stdout).toContain('done by two');
    const dangling = await create('z');
    const path = join(dir, '.jit', 'issues', `${dangling}.json`);
    writeFileSync(path, JSON.stringify({ ...file(dangling), dependencies: ['gone'] }));
    expect((await run(`issue show ${dangling}`)).stdout).toContain('Depends on\n  gone  missing\n');
  });
});

describe('issue list', () => {
  test('gives everything, oldest first, and narrows by state, priority, label and assignee', async () => {
    const { create, json } = await tempTracker();
    const a = await create('a', '-p', 'high', '-l', 'x', '-l', 'y');
    const b = await create('b', '-l', 'x');
    const c = await create('c', '--dep', b);
    await json(`issue claim ${a} one`);
    const ids = async (flags: string) =>
      (await json(`issue list ${flags}`)).map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual([a, b, c]);
    expect(await ids('--state open')).toEqual([c]);
    expect(await ids('--state ready,in_progress')).toEqual([a, b]);
    expect(await ids('--priority high')).toEqual([a]);
    expect(await ids('--label x')).toEqual([a, b]);
    expect(await ids('--label x --label y')).toEqual([a]);
    expect(await ids('--assignee one')).toEqual([a]);
    expect(await ids('--assignee two')).toEqual([]);
  });

  test('gives small items, whole issues with --full, and says so where --limit cuts', async () => {
    const { create, json, run } = await tempTracker();
    await create('a', '-d', 'text');
    await create('b');
    const [item] = await json('issue list');
    expect(item).not.toHaveProperty('description');
    expect((await json('issue list --full'))[0]).toMatchObject({ description: 'text' });
    const { stdout, stderr } = await run('issue list --limit 1');
    expect(stdout).toMatch(/^\w{4}\tready\tnormal\t\ta\n$/);
    expect(stderr).toBe('warning: showing 1 of 2\n');
  });

  test.each([
    ['an unknown state', ['--state', 'finished']],
    ['a limit of nothing', ['--limit', '0']],
    ['an argument', ['ready']],
  ])('refuses %s', async (_, flags) => {
    const { fails } = await tempTracker();
    expect(await fails(['issue', 'list', ...flags])).toMatchObject({ exit: 2 });
  });
});
