import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IssueOutput } from '@jit/contract/outputs/issue';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';
import { FIELDS } from '../../domain/filter/fields.ts';
import { ISSUE_FIELDS } from '../../views/issue-fields.ts';
import { TOPICS } from '../topics.ts';

const titles = (issues: readonly { title: string }[]) => issues.map(({ title }) => title).sort();

async function someIssues() {
  const tracker = await tempTracker();
  const { create, json } = tracker;
  const a = await create('a', '-p', 'high', '-l', 'epic:auth');
  const b = await create('b', '-p', 'low', '-l', 'epic:auth', '--dep', a);
  const c = await create('c', '-p', 'critical');
  const d = await create('d');
  await json(['issue', 'claim', c, 'bot']);
  await json(['issue', 'update', d, '--state', 'done']);
  return { ...tracker, a, b, c, d };
}

describe('--filter', () => {
  test.each([
    ['query all', 'label:epic:auth', ['a', 'b']],
    ['query all', 'state:finished', ['d']],
    ['query ready', 'priority>=high AND NOT assignee:*', ['a']],
    ['query blocked', 'blocker:dependency', ['b']],
    ['query assignee bot', 'priority:critical', ['c']],
    ['query assignee bot --all', 'state:unfinished', ['c']],
    ['query state done', 'title:D', ['d']],
    ['query priority low', 'state:open', ['b']],
    ['query label epic:auth', 'state:ready', ['a']],
    ['issue list', 'state:ready OR (state:in_progress AND assignee:b*)', ['a', 'c']],
    ['issue list --state done,open', 'NOT state:done', ['b']],
    ['issue list --priority low,high', 'state:open', ['b']],
  ])('%s --filter "%s"', async (line, filter, expected) => {
    const { json } = await someIssues();
    expect(titles(await json([...line.split(' '), '--filter', filter]))).toEqual(expected);
  });

  test('the state is the shown one, and dep takes the beginning of an id', async () => {
    const { json, a } = await someIssues();
    expect(titles(await json(['issue', 'list', '--filter', `dep:${a.slice(0, 6)}`]))).toEqual([
      'b',
    ]);
    expect(titles(await json(['issue', 'list', '--filter', `id:${a}`]))).toEqual(['a']);
  });

  test('reads no finished issue where none can fit', async () => {
    const { run, dir, d } = await someIssues();
    writeFileSync(join(dir, '.jit', 'issues', `${d}.json`), 'broken');
    const ended = await run(['query', 'all', '--filter', 'state:ready', '--json']);
    expect(titles(JSON.parse(ended.stdout))).toEqual(['a']);
  });

  test.each([
    ['query all', 'stat:ready', 1, 'state'],
    ['query ready', 'state:redy', 7, 'ready'],
    ['issue list', 'priority>=hgih', 11, 'high'],
    ['issue claim-next bot', 'lable:x', 1, 'label'],
    ['issue update -p low', 'state:ready AND gate:x=psased', 22, 'passed'],
    ['query all', 'title:"🥛🥛" AND blocker:gat', 24, 'gate'],
  ])(
    '%s --filter %j points at character %i and names the nearest',
    async (line, filter, position, nearest) => {
      const { fails } = await tempTracker();
      const failure = await fails([...line.split(' '), '--filter', filter]);
      expect(failure).toMatchObject({ exit: 2, code: 'USAGE' });
      expect(failure.details).toMatchObject({ position, expression: filter, nearest });
      expect(failure.hint).toContain(nearest);
      expect(failure.message.split('\n')[1]).toBe(`  ${filter}`);
    },
  );

  test('a mistake is found before the tracker is looked for', async () => {
    const { fails } = await tempTracker();
    const env = { JIT_DIR: '/nowhere' };
    expect(await fails(['query', 'all', '--filter', '('], { env })).toMatchObject({ exit: 2 });
  });

  test.each([
    ['query ready', 'state:done'],
    ['query blocked', 'state:ready'],
    ['query assignee bot', 'state:finished'],
    ['query state open', 'NOT state:open'],
    ['issue list --state ready', 'state:done'],
    ['query all', 'state:ready AND state:done'],
    ['issue claim-next bot', 'state:in_progress'],
  ])('%s --filter "%s" can fit nothing and is refused', async (line, filter) => {
    const { fails } = await tempTracker();
    const failure = await fails([...line.split(' '), '--filter', filter]);
    expect(failure).toMatchObject({ exit: 2, message: expect.stringContaining('fits no issue') });
  });

  test('chooses what claim-next takes, with the other filters', async () => {
    const { json, create, fails } = await tempTracker();
    await create('a', '-p', 'high', '-l', 'x');
    await create('b', '-p', 'high', '-l', 'y');
    await create('c', '-p', 'low', '-l', 'y');
    const next = (...more: string[]) => json(['issue', 'claim-next', 'bot', ...more]);
    expect((await next('--filter', 'NOT label:x')).title).toBe('b');
    expect((await next('--filter', 'label:*', '-p', 'low')).title).toBe('c');
    expect(await fails(['issue', 'claim-next', 'bot', '--filter', 'label:y'])).toMatchObject({
      exit: 3,
      code: 'NOTHING_READY',
    });
  });

  test('jit help filter names every field', () => {
    for (const name of Object.keys(FIELDS)) expect(TOPICS.filter).toContain(`\n  ${name}`);
  });
});

describe('nonsense in the flags of lists', () => {
  test.each([
    ['query all --limit -1', 'limit'],
    ['query all --limit 0', 'limit'],
    ['query all --limit 1.5', 'limit'],
    ['issue list --state ready,', 'empty element'],
    ['issue list --state ,', 'empty element'],
    ['issue list --state ready;done', "'ready;done'"],
    ['issue list --priority high,hgih', 'hgih'],
    ['issue list --priority 1', "'1'"],
    ['query all --label=', 'empty'],
    ['query all --assignee=', 'empty'],
    ['query all --assignee null', 'failed look-up'],
    ['query assignee undefined', 'failed look-up'],
    ['query all --filter=', 'the filter is empty'],
    ['query all --fields=', 'empty'],
    ['query all --fields id,', 'empty element'],
    ['query all --fields id,id', 'twice'],
    ['query all --filter state:ready --filter state:open', 'twice'],
    ['query state ready,open', 'ready,open'],
  ])('%s is refused, not answered with nothing', async (line, words) => {
    const { fails } = await tempTracker();
    const failure = await fails(line.split(' '));
    expect(failure).toMatchObject({ exit: 2 });
    expect(failure.message).toContain(words);
  });

  test('a label with a comma that nothing carries is mentioned', async () => {
    const { run, create } = await tempTracker();
    await create('x', '-l', 'a', '-l', 'b');
    expect((await run('query all --label a,b')).stderr).toContain('repeat --label');
    expect((await run('query all --label a --label b')).stderr).toBe('');
  });
});

describe('--fields', () => {
  test('gives these fields in this order and nothing else', async () => {
    const { json, run, a } = await someIssues();
    const list = await json('query ready --fields title,id,labels');
    expect(Object.entries(list[0])).toEqual([
      ['title', 'a'],
      ['id', a],
      ['labels', ['epic:auth']],
    ]);
    expect((await run('query ready --fields title,labels,assignee')).stdout).toBe(
      'a\tepic:auth\t\n',
    );
    expect(await json('query state gated --fields id')).toEqual([]);
  });

  test('fields of the whole issue can be chosen, with --full and without', async () => {
    const { json, a, b } = await someIssues();
    const expected = [{ id: b, dependencies: [a], description: '' }];
    for (const more of ['', ' --full']) {
      expect(
        await json(`issue list --state open --fields id,dependencies,description${more}`),
      ).toEqual(expected);
    }
    expect(await json(`issue show ${b} --fields dependencies`)).toEqual({ dependencies: [a] });
    expect(await json(`issue show ${a} ${b} --fields title`)).toEqual([
      { title: 'a' },
      { title: 'b' },
    ]);
  });

  test.each(['query all', 'query ready', 'issue list', 'issue show abcd'])(
    '%s refuses an unknown field with the nearest',
    async (line) => {
      const { fails } = await tempTracker();
      const failure = await fails(`${line} --fields id,titel`);
      expect(failure).toMatchObject({ exit: 2, details: { value: 'titel', nearest: 'title' } });
    },
  );

  test('every field of the schema can be chosen', async () => {
    const { json } = await someIssues();
    expect([...ISSUE_FIELDS].sort()).toEqual(Object.keys(IssueOutput.shape).sort());
    const [issue] = await json(['issue', 'list', '--fields', ISSUE_FIELDS.join(',')]);
    expect(Object.keys(issue)).toEqual(ISSUE_FIELDS);
  });
});

test('the file of a finished issue is not touched by any of this', async () => {
  const { json, dir, d } = await someIssues();
  const path = join(dir, '.jit', 'issues', `${d}.json`);
  const before = readFileSync(path, 'utf8');
  await json(['issue', 'update', '--filter', 'state:unfinished', '-p', 'low']);
  expect(readFileSync(path, 'utf8')).toBe(before);
});
