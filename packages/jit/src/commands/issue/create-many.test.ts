import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type TempTracker, tempTracker } from '../../../test/support/temp-tracker.ts';

const FROM_STDIN = ['issue', 'create', '--from-json', '-'];

const make = ({ json }: TempTracker, value: unknown, ...flags: string[]) =>
  json([...FROM_STDIN, ...flags], { stdin: JSON.stringify(value) });

const refused = ({ fails }: TempTracker, value: unknown, ...flags: string[]) =>
  fails([...FROM_STDIN, ...flags], {
    stdin: typeof value === 'string' ? value : JSON.stringify(value),
  });

describe('issue create --from-json', () => {
  test('makes a whole graph with local keys, also forwards, and with what was there', async () => {
    const tracker = await tempTracker();
    const { create, json } = tracker;
    const old = await create('was there');
    const answer = await make(tracker, [
      { key: 'top', title: 'Top', depends_on: ['left', 'right'], priority: 'high' },
      { key: 'left', title: 'Left', depends_on: ['base', old.slice(0, 6)] },
      { key: 'right', title: 'Right', depends_on: ['base'] },
      {
        key: 'base',
        title: 'Base',
        description: 'a\nb',
        acceptance_criteria: ['works'],
        labels: ['type:task'],
        defer_until: '2099-01-01',
        documents: ['README.md'],
        links: { pr: 'https://example.org/1' },
        metadata: { points: 3, deep: { list: [1, null] } },
        assignee: 'bot',
      },
      { title: 'Alone' },
    ]);
    const { top, left, right, base } = answer.keys;
    expect(Object.keys(answer.keys)).toEqual(['top', 'left', 'right', 'base']);
    expect(answer).toMatchObject({ dry_run: false, created: 5, gates_defined: [] });
    expect(
      answer.issues.map(({ title, state }: { title: string; state: string }) => [title, state]),
    ).toEqual([
      ['Top', 'open'],
      ['Left', 'open'],
      ['Right', 'open'],
      ['Base', 'open'],
      ['Alone', 'ready'],
    ]);
    expect((await json(`issue show ${top}`)).dependencies).toEqual([left, right].sort());
    expect((await json(`issue show ${left}`)).dependencies).toEqual([base, old].sort());
    expect(await json(`issue show ${base}`)).toMatchObject({
      description: 'a\nb',
      acceptance_criteria: ['works'],
      labels: ['type:task'],
      defer_until: '2099-01-01T00:00:00.000Z',
      documents: ['README.md'],
      links: { pr: 'https://example.org/1' },
      metadata: { points: 3, deep: { list: [1, null] } },
      assignee: 'bot',
      dependents: [left, right].sort(),
      created_by: 'ana',
    });
    expect(await json('validate')).toMatchObject({ errors: 0, warnings: 0 });
  });

  test('keeps the order of the document as the order of age', async () => {
    const tracker = await tempTracker();
    const titles = Array.from({ length: 30 }, (_, at) => `issue ${at}`);
    await make(tracker, { issues: titles.map((title) => ({ title })) });
    const list = await tracker.json('query ready');
    expect(list.map(({ title }: { title: string }) => title)).toEqual(titles);
  });

  test('gates must be defined, or are with --define', async () => {
    const tracker = await tempTracker();
    const { json, events } = tracker;
    await json(['gate', 'define', 'review']);
    const issues = [
      { title: 'a', gates: ['reviw', 'review'] },
      { title: 'b', gates: ['reviw'] },
    ];
    expect(await refused(tracker, issues)).toMatchObject({
      exit: 3,
      code: 'INVALID_ISSUES',
      details: {
        problems: [
          { place: '[0].gates[0]', code: 'GATE_NOT_FOUND', nearest: 'review' },
          { place: '[1].gates[0]', code: 'GATE_NOT_FOUND', nearest: 'review' },
        ],
      },
    });
    const answer = await make(tracker, issues, '--define');
    expect(answer.gates_defined).toEqual(['reviw']);
    expect(answer.issues[1].blockers).toEqual([{ type: 'gate', gate: 'reviw', status: 'pending' }]);
    expect(events().filter(({ type }) => type === 'gate_defined')).toHaveLength(2);
  });

  test('every problem of the form is named with its place, and nothing is made', async () => {
    const tracker = await tempTracker();
    const failure = await refused(tracker, [
      { key: 'a', titel: 'x' },
      { key: 'a', title: 'x', priority: 'hihg', labels: 'one', depends_on: [1, ''] },
      { title: 'two\nlines', defer_until: 'tomorrow', links: { pr: 1 }, assignee: 'null' },
      'no object',
      { title: 'x', metadata: [], labels: ['a\nb'], gates: null, key: ' ' },
    ]);
    expect(failure).toMatchObject({ exit: 2, code: 'INVALID_ISSUES' });
    const places = failure.details.problems.map(({ place }: { place: string }) => place);
    expect(places).toEqual([
      '[0].titel',
      '[0].title',
      '[1].priority',
      '[1].labels',
      '[1].depends_on[0]',
      '[1].depends_on[1]',
      '[2].title',
      '[2].assignee',
      '[2].defer_until',
      '[2].links.pr',
      '[3]',
      '[4].key',
      '[4].labels[0]',
      '[4].gates',
      '[4].metadata',
      '[1].key',
    ]);
    expect(failure.details.problems[0].nearest).toBe('title');
    expect(failure.details.problems[2].nearest).toBe('high');
    for (const place of places) expect(failure.message).toContain(`${place}: `);
    expect(await tracker.json('query all')).toEqual([]);
    expect(tracker.events()).toEqual([]);
  });

  test('unknown references and circles are named with the path', async () => {
    const tracker = await tempTracker();
    const { create, json } = tracker;
    const old = await create('old');
    await json(`issue reject ${old}`);
    await json(`issue archive ${old}`);
    const failure = await refused(tracker, [
      { key: 'parser', title: 'a', depends_on: ['lexer'] },
      { key: 'lexer', title: 'b', depends_on: ['tokens'] },
      { key: 'tokens', title: 'c', depends_on: ['parser'] },
      { key: 'self', title: 'd', depends_on: ['self'] },
      { title: 'e', depends_on: ['parsr', old, 'nowhere'] },
    ]);
    expect(failure).toMatchObject({ exit: 3, code: 'INVALID_ISSUES' });
    expect(failure.details.problems).toMatchObject([
      { place: '[4].depends_on[0]', code: 'NOT_FOUND', nearest: 'parser' },
      { place: '[4].depends_on[1]', code: 'ILLEGAL_MOVE' },
      { place: '[4].depends_on[2]', code: 'NOT_FOUND', nearest: null },
      { code: 'CYCLE', message: 'a circle: parser → lexer → tokens → parser' },
      { code: 'CYCLE', message: 'a circle: self → self' },
    ]);
    expect(await json('query all --fields id')).toEqual([{ id: old }]);
  });

  test('a local key wins over the beginning of an id, and may not be an id', async () => {
    const tracker = await tempTracker();
    const old = await tracker.create('old');
    const prefix = old.slice(0, 5);
    const { keys } = await make(tracker, [
      { key: prefix, title: 'a' },
      { key: 'b', title: 'b', depends_on: [prefix] },
    ]);
    expect((await tracker.json(`issue show ${keys.b}`)).dependencies).toEqual([keys[prefix]]);
    expect(await refused(tracker, [{ key: old, title: 'c' }])).toMatchObject({
      exit: 4,
      details: { problems: [{ place: '[0].key', code: 'AMBIGUOUS_KEY' }] },
    });
  });

  test('--dry-run checks everything and makes nothing', async () => {
    const tracker = await tempTracker();
    const issues = [
      { key: 'a', title: 'a', gates: ['new'] },
      { title: 'b', depends_on: ['a'] },
    ];
    const answer = await make(tracker, issues, '--define', '--dry-run');
    expect(answer).toMatchObject({ dry_run: true, created: 2, gates_defined: ['new'] });
    expect(answer.issues[1].state).toBe('open');
    expect(await refused(tracker, issues, '--dry-run')).toMatchObject({ exit: 3 });
    expect([await tracker.json('query all'), await tracker.json('gate list')]).toEqual([[], []]);
    expect(tracker.events()).toEqual([]);
  });

  test('metadata without end is refused, not a crash', async () => {
    const deep = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const document = (depth: number) => `[{"title":"x","metadata":${deep(depth)}}]`;
    const tracker = await tempTracker();
    expect(await refused(tracker, document(50_000))).toMatchObject({
      exit: 2,
      details: { problems: [{ place: '[0].metadata' }] },
    });
    expect(await make(tracker, JSON.parse(document(50)))).toMatchObject({ created: 1 });
  });

  test.each([
    ['[{"title":"a"', 'is not JSON'],
    ['null', 'a list of issues is expected'],
    ['"x"', 'a list of issues is expected'],
    ['{"issue":[]}', 'a list of issues is expected'],
    ['[]', 'holds no issue'],
    ['{"issues":[]}', 'holds no issue'],
    ['', 'is empty'],
  ])('%j is refused', async (text, words) => {
    const failure = await refused(await tempTracker(), text);
    expect(failure.exit).toBe(2);
    expect(failure.message).toContain(words);
  });

  test.each([
    [['a title'], 'a title'],
    [['-p', 'high'], '--priority'],
    [['--gate', 'x'], '--gate'],
    [['--defer-until', '2099-01-01'], '--defer-until'],
    [['-d', 'x'], '--description'],
  ])('%j beside it is refused', async (flags, words) => {
    const failure = await refused(await tempTracker(), [{ title: 'x' }], ...flags);
    expect(failure).toMatchObject({ exit: 2, message: `--from-json does not go with ${words}` });
  });

  test('--dry-run without it, and a file that is not there, are refused', async () => {
    const { fails } = await tempTracker();
    expect((await fails('issue create x --dry-run')).exit).toBe(2);
    expect((await fails('issue create --from-json nowhere.json')).message).toContain(
      'cannot be read',
    );
  });

  test('is a line of a batch with a file, and is taken back with an atomic one', async () => {
    const tracker = await tempTracker();
    const { batch, json, dir, run } = tracker;
    const path = join(dir, 'plan.json');
    writeFileSync(
      path,
      JSON.stringify([
        { key: 'a', title: 'a' },
        { title: 'b', depends_on: ['a'] },
      ]),
    );
    const line = ['issue', 'create', '--from-json', path];
    const back = await batch([line, ['issue', 'show', 'nope']], ['--atomic']);
    expect(back.answers[0]).toMatchObject({ error: { code: 'ROLLED_BACK' } });
    expect(await json('query all')).toEqual([]);
    const { answers } = await batch([line, ['query', 'ready']], ['--atomic']);
    expect(answers[0].result).toMatchObject({ created: 2 });
    expect(answers[1].result).toHaveLength(1);
    expect((await batch([FROM_STDIN])).answers[0]).toMatchObject({ exit: 2 });
    expect((await run(line)).stdout).toContain('created 2 issues');
  });

  test('1,000 issues are one write', async () => {
    const tracker = await tempTracker();
    const issues = Array.from({ length: 1000 }, (_, at) => ({
      key: `k${at}`,
      title: `issue ${at}`,
      depends_on: at === 0 ? [] : [`k${Math.floor(at / 2)}`, `k${at - 1}`],
    }));
    const start = performance.now();
    const answer = await make(tracker, issues);
    const ms = Math.round(performance.now() - start);
    expect(answer.created).toBe(1000);
    expect(await tracker.json('query ready --fields title')).toEqual([{ title: 'issue 0' }]);
    expect(tracker.events().filter(({ type }) => type === 'issue_created')).toHaveLength(1000);
    console.log(`1,000 issues from one document: ${ms} ms, the check of the answer included`);
  });
});
