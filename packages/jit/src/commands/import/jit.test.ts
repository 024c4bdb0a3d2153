import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, TempTracker } from '../../../test/support/temp-tracker.ts';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

/** Exports a tracker to a file in its folder. */
async function exported(tracker: TempTracker): Promise<{ file: string; text: string }> {
  const file = join(tracker.dir, 'export.json');
  await tracker.json(['export', '-o', file]);
  return { file, text: readFileSync(file, 'utf8') };
}

/** The lines of the log, sorted: their order in the files is git's. */
function lines({ dir }: TempTracker): string[] {
  const folder = join(dir, '.jit', 'events');
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter(Boolean)
    .sort();
}

const issueFiles = ({ dir }: TempTracker): Record<string, string> => {
  const folder = join(dir, '.jit', 'issues');
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
};

/** A tracker with something of everything. */
async function lived() {
  const tracker = await tempTracker();
  const { create, json, run, dir } = tracker;
  await json('gate define tests --stage done');
  await json('gate define review');
  await json('config set claim.ttl_secs 900');
  const [a, b, c] = [
    await create('A \u00fc \u{1f600}', '--gate', 'tests', '--label', 'x'),
    await create('B', '--gate', 'review'),
    await create('C'),
  ];
  await json(['dep', 'add', b, a]);
  await json(['issue', 'comment', a, 'two\nlines']);
  await json(`issue update ${a} --state done --force --reason urgent`);
  await json(`gate pass ${b} review`);
  const { claim } = await json(`issue claim ${b} bot --ttl 600`);
  await run(`issue delete ${await create('gone')}`);
  const path = join(dir, '.jit', 'issues', `${c}.json`);
  const issue = JSON.parse(readFileSync(path, 'utf8'));
  const conflicts = [{ field: 'title', kept: 'C', other: 'D' }];
  const { created_at, created_by, ...rest } = issue;
  const more = { ...rest, created_at, created_by, conflicts, from_the_future: { kept: [1] } };
  writeFileSync(path, `${JSON.stringify(more, null, 2)}\n`);
  return { ...tracker, ids: { a, b, c }, token: claim.token as string };
}

describe('export and import jit', () => {
  test('make the same tracker again: documents, files, lines of the log, settings', async () => {
    const source = await lived();
    const { file, text } = await exported(source);
    const target = await tempTracker();
    const did = await target.json(['import', 'jit', file]);
    expect(did).toMatchObject({
      source: 'jit',
      changed: true,
      issues: { read: 3, created: 3, unchanged: 0, skipped: 0 },
      gates: { read: 2, created: 2 },
      comments: { read: 1, imported: 1 },
      skipped: [],
      repaired: [],
    });
    expect(did.events.imported).toBe(did.events.read);
    expect(issueFiles(target)).toEqual(issueFiles(source));
    expect(lines(target)).toEqual(lines(source));
    expect((await exported(target)).text).toBe(text);
    // Everything again changes nothing, once the log has what an earlier merge had left in an issue.
    await target.json('validate --fix');
    const before = lines(target);
    expect(await target.json(['import', 'jit', file])).toMatchObject({
      changed: false,
      issues: { created: 0, unchanged: 3 },
      events: { imported: 0 },
    });
    expect(lines(target)).toEqual(before);
    // A claim of another tracker holds here, and its holder can go on.
    const { b } = source.ids;
    expect(await target.fails(`issue claim ${b} other`)).toMatchObject({ exit: 6 });
    await target.json(`issue update ${b} --state done --claim ${source.token}`);
    expect(await target.json(`issue show ${b}`)).toMatchObject({ state: 'done' });
  });

  test('an export is written neither into the tracker nor over something else', async () => {
    const { dir, fails, json } = await lived();
    const config = join(dir, '.jit', 'config.toml');
    const notes = join(dir, 'notes.txt');
    writeFileSync(notes, 'mine\n');
    const before = readFileSync(config, 'utf8');
    expect(await fails(['export', '-o', config])).toMatchObject({ exit: 2 });
    expect(await fails(['export', '-o', join(dir, 'none', 'x.json')])).toMatchObject({ exit: 3 });
    expect(await fails(['export', '-o', notes])).toMatchObject({ exit: 6, code: 'FILE_EXISTS' });
    expect([readFileSync(config, 'utf8'), readFileSync(notes, 'utf8')]).toEqual([before, 'mine\n']);
    const file = join(dir, 'export.json');
    await json(['export', '-o', file]);
    await json('issue create newer');
    expect(await json(['export', '-o', file])).toMatchObject({ changed: true });
  });

  test('a folder does as well as a document, also the one around it', async () => {
    const source = await lived();
    const { text } = await exported(source);
    for (const path of [source.dir, join(source.dir, '.jit')]) {
      const target = await tempTracker();
      await target.json(['import', 'jit', path]);
      expect((await exported(target)).text).toBe(text);
    }
  });

  test('the same tracker made anew from its export: its claims get a full term', async () => {
    const source = await lived();
    const { file } = await exported(source);
    const other = await tempTracker();
    cpSync(file, join(other.dir, 'kept.json'));
    const { rmSync } = await import('node:fs');
    rmSync(join(source.dir, '.jit'), { recursive: true });
    await source.json('init');
    await source.json(['import', 'jit', join(other.dir, 'kept.json')]);
    const { b } = source.ids;
    const shown = await source.json(`issue show ${b}`);
    expect(shown).toMatchObject({ state: 'in_progress', assignee: 'bot' });
    await source.json(`issue heartbeat ${b} --claim ${source.token}`);
  });

  test('--dry-run tells the same and changes nothing', async () => {
    const { file } = await exported(await lived());
    const target = await tempTracker();
    const before = [issueFiles(target), lines(target)];
    const dry = await target.json(['import', 'jit', file, '--dry-run']);
    expect(dry).toMatchObject({ dry_run: true, changed: false, issues: { created: 3 } });
    expect([issueFiles(target), lines(target)]).toEqual(before);
    expect(readFileSync(join(target.dir, '.jit', 'config.toml'), 'utf8')).not.toContain('claim');
    const { dry_run: _, changed: __, ...told } = dry;
    expect(await target.json(['import', 'jit', file])).toMatchObject(told);
  });

  test('what is here with other content stays and is named, with its events', async () => {
    const source = await lived();
    const { file } = await exported(source);
    const target = await tempTracker();
    await target.json(['import', 'jit', file]);
    await target.json('config set claim.ttl_secs 5');
    const { a, c } = source.ids;
    await source.json(['issue', 'comment', a, 'later']);
    await source.json(`issue update ${c} -t elsewhere`);
    await target.json(`issue update ${c} -t here`);
    const before = target.file(c);
    const later = await exported(source);
    const did = await target.json(['import', 'jit', later.file]);
    expect(did).toMatchObject({
      changed: true,
      issues: { created: 0, unchanged: 2, skipped: 1 },
      events: { imported: 1 },
    });
    expect(did.skipped.map(({ what, subjects }: Json) => [what, subjects])).toEqual([
      ['issue', [c]],
      ['settings', ['config.toml']],
      ['event', [c]],
    ]);
    expect(target.file(c)).toEqual(before);
    const shown = await target.json(`issue show ${a}`);
    expect(shown.comments.map(({ text }: Json) => text)).toEqual(['two\nlines', 'later']);
  });

  test('an issue that was done without its exit gate loses the gate, as with other imports', async () => {
    const source = await tempTracker();
    await source.json('gate define tests --stage done');
    const id = await source.create('A', '--gate', 'tests');
    const path = join(source.dir, '.jit', 'issues', `${id}.json`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"open"', '"done"'));
    const target = await tempTracker();
    const did = await target.json(['import', 'jit', (await exported(source)).file]);
    expect(did.repaired).toMatchObject([{ what: 'exit gate that was not passed', count: 1 }]);
    expect(target.file(id)).toMatchObject({
      state: 'done',
      gates: {},
      metadata: { 'jit.unpassed_gates': { tests: { status: 'pending' } } },
    });
    expect(await target.json('validate')).toMatchObject({ errors: 0 });
  });

  test('an issue without a log gets its beginning in the log', async () => {
    const target = await tempTracker();
    const created_at = '2026-01-01T00:00:00.000Z';
    const issue = { schema: 1, id: 'aaaa', title: 'A', state: 'open', priority: 'low', created_at };
    const file = join(target.dir, 'doc.json');
    writeFileSync(file, JSON.stringify(documentOf({ issues: [issue] })));
    await target.json(['import', 'jit', file]);
    expect(target.events().map(({ type }) => type)).toEqual(['issue_imported', 'ready_changed']);
  });
});

const documentOf = (parts: Json): Json => ({
  schema: 1,
  issues: [],
  gates: [],
  events: [],
  config: null,
  ...parts,
});

describe('what can not be taken over is refused whole, with its place', () => {
  const plain = {
    ...{ schema: 1, id: 'aaaa', title: 'A', state: 'open', priority: 'low' },
    created_at: '2026-01-01T00:00:00.000Z',
  };
  const event = {
    ...{ id: '01KAAAAAAAAAAAAAAAAAAAAAAA', at: '2026-01-01T00:00:00.000Z' },
    ...{ type: 'comment_added', issue: 'aaaa', actor: 'x' },
  };
  const issues = (...more: Json[]) => JSON.stringify(documentOf({ issues: more }));
  const events = (...more: Json[]) => JSON.stringify(documentOf({ events: more }));

  test.each([
    ['half a document', issues(plain).slice(0, 60), 'SOURCE_UNREADABLE', 'no JSON'],
    ['no document', '[1]', 'NOT_A_SOURCE', 'JSON object'],
    ['something else', '{"name":"x"}', 'NOT_A_SOURCE', 'no schema'],
    ['a newer schema', '{"schema":2}', 'SCHEMA_TOO_NEW', 'schema 2'],
    ['an unknown part', JSON.stringify(documentOf({ extra: 1 })), 'SOURCE_UNREADABLE', 'extra'],
    [
      'a newer issue',
      issues({ ...plain, schema: 2 }),
      'SOURCE_UNREADABLE',
      'issues[0]: its schema',
    ],
    [
      'a path as id',
      issues(plain, { ...plain, id: '../x' }),
      'SOURCE_UNREADABLE',
      'issues[1]: its id',
    ],
    ['no id', issues({ ...plain, id: 7 }), 'SOURCE_UNREADABLE', 'issues[0]'],
    ['an id twice', issues(plain, plain), 'SOURCE_UNREADABLE', 'issues[1]: aaaa is there twice'],
    ['an empty title', issues({ ...plain, title: ' ' }), 'SOURCE_UNREADABLE', 'issues[0]'],
    ['a circle', issues({ ...plain, dependencies: ['aaaa'] }), 'SOURCE_UNREADABLE', 'itself'],
    [
      'a longer circle',
      issues(
        { ...plain, dependencies: ['bbbb'] },
        { ...plain, id: 'bbbb', dependencies: ['aaaa'] },
      ),
      'CYCLE',
      'circle',
    ],
    ['ids of one file', issues(plain, { ...plain, id: 'AAAA' }), 'ID_CASE_CLASH', 'case'],
    [
      'a path as gate',
      JSON.stringify(documentOf({ gates: [{ schema: 1, key: 'a/b' }] })),
      'SOURCE_UNREADABLE',
      'gates[0]',
    ],
    [
      'a path as month',
      events({ ...event, at: '../../xx' }),
      'SOURCE_UNREADABLE',
      'events[0]: its "at"',
    ],
    [
      'a foreign event id',
      events({ ...event, id: '1' }),
      'SOURCE_UNREADABLE',
      'events[0]: its "id"',
    ],
    [
      'an unknown event',
      events({ ...event, type: 'x' }),
      'SOURCE_UNREADABLE',
      'events[0]: its "type"',
    ],
    ['settings that are none', JSON.stringify(documentOf({ config: '[' })), 'CONFIG_INVALID', ':1'],
  ])('%s', async (_, text, code, words) => {
    const target = await tempTracker();
    const file = join(target.dir, 'doc.json');
    writeFileSync(file, text);
    const failure = await target.fails(['import', 'jit', file]);
    expect(failure).toMatchObject({ exit: 4, code });
    expect(failure.message).toContain(words);
    expect([issueFiles(target), lines(target)]).toEqual([{}, []]);
  });

  test('a folder with a file that can not be read: file and line are named', async () => {
    const target = await tempTracker();
    const source = join(target.dir, 'src');
    mkdirSync(join(source, 'issues'), { recursive: true });
    mkdirSync(join(source, 'events'));
    writeFileSync(join(source, 'issues', 'aaaa.json'), '<<<<<<< ours\n');
    writeFileSync(join(source, 'events', '2026-01.jsonl'), `${JSON.stringify(event)}\n{"id":`);
    const { message } = await target.fails(['import', 'jit', source]);
    expect(message).toContain('issues/aaaa.json: a conflict marker of a merge in line 1');
    expect(message).toContain('events/2026-01.jsonl:2: no JSON');
  });

  test('nothing there, a batch, and an export that would not be whole', async () => {
    const { fails, batch, dir, create, run } = await tempTracker();
    expect(await fails('import jit nowhere')).toMatchObject({ exit: 3 });
    expect((await batch([['export'], ['import', 'jit', 'x']])).answers).toMatchObject([
      { exit: 2 },
      { exit: 2 },
    ]);
    writeFileSync(join(dir, '.jit', 'issues', 'aaaa.json'), 'x');
    expect(await fails('export')).toMatchObject({ exit: 4, code: 'UNREADABLE' });
    await create('A');
    expect((await run('query ready')).exit).toBe(0);
  });
});

describe('random trackers', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const title = text.map((words) => `T ${words.replace(/[\r\n]/g, ' ')}`);
  const time = fc
    .integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2026, 5, 1) })
    .map((ms) => new Date(ms).toISOString());
  const at = (list: readonly string[]) => fc.constantFrom(...list);
  const issue = fc.record({
    title,
    description: text,
    acceptance_criteria: fc.array(
      text.map((words) => `c ${words}`),
      { maxLength: 2 },
    ),
    state: at(['open', 'in_progress', 'gated', 'done', 'rejected', 'archived']),
    priority: at(['critical', 'high', 'normal', 'low']),
    assignee: fc.option(at(['ana', 'bot'])),
    attempt: fc.nat(5),
    labels: fc.uniqueArray(at(['a', 'b:c', 'type:task']), { maxLength: 3 }),
    gates: fc.dictionary(
      at(['entry', 'exit', 'nowhere']),
      fc.record({ status: at(['pending', 'passed', 'failed']), by: at(['ana']) }),
    ),
    dependencies: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
    claimed: fc.boolean(),
    defer_until: fc.option(at(['2025-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'])),
    metadata: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })),
    links: fc.dictionary(at(['pr', 'doc']), text),
    conflicts: fc.array(fc.record({ field: at(['title']), kept: text, other: text }), {
      maxLength: 1,
    }),
    created_at: time,
    created_by: at(['ana', 'bot']),
    from_the_future: fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined }),
  });
  const comment = fc.record({ at: time, issue: fc.option(fc.nat(9)), text });
  const tracker = fc.record({
    issues: fc.array(issue, { maxLength: 8 }),
    comments: fc.array(comment, { maxLength: 5 }),
  });

  const idOf = (position: number) => `issue${position}`;

  function toDocument({ issues, comments }: Json): Json {
    const stored = issues.map(
      ({ claimed, dependencies, conflicts, ...rest }: Json, own: number) => ({
        schema: 1,
        id: idOf(own),
        ...rest,
        // Only backwards, so that there is no circle; some lead nowhere.
        dependencies: dependencies.map((to: number) => idOf(to < own ? to : to + 100)),
        claim: claimed
          ? { since: rest.created_at, ttl_secs: 60, token_hash: 'h', origin: 'elsewhere' }
          : null,
        ...(conflicts.length > 0 && { conflicts }),
      }),
    );
    const gates = ['entry', 'exit'].map((key) => ({
      ...{ schema: 1, key, title: key, mode: 'manual', checker: null },
      stage: key === 'exit' ? 'done' : 'ready',
    }));
    const events = comments.map(({ at, issue, text }: Json, own: number) => ({
      id: `01K${String(own).padStart(23, '0')}`,
      at,
      type: 'comment_added',
      issue: issue === null ? null : idOf(issue),
      actor: 'ana',
      text,
    }));
    return documentOf({ issues: stored, gates, events });
  }

  test('export, import, export gives the same document, and again changes nothing', async () => {
    let trackers = 0;
    let issues = 0;
    await fc.assert(
      fc.asyncProperty(tracker, async (random) => {
        const [first, second] = [await tempTracker(), await tempTracker()];
        const file = join(first.dir, 'random.json');
        writeFileSync(file, JSON.stringify(toDocument(random)));
        await first.json(['import', 'jit', file]);
        const one = await exported(first);
        await second.json(['import', 'jit', one.file]);
        const two = await exported(second);
        expect(two.text).toBe(one.text);
        expect(lines(second)).toEqual(lines(first));
        expect(issueFiles(second)).toEqual(issueFiles(first));
        const again = await second.json(['import', 'jit', one.file]);
        expect(again).toMatchObject({ changed: false, skipped: [] });
        trackers += 1;
        issues += random.issues.length;
      }),
      { numRuns: 200 },
    );
    console.log(`${trackers} random trackers with ${issues} issues: export, import, export alike`);
  }, 120_000);
});

const repository = join(import.meta.dirname, '../../../../..');
const folder = process.env.JIT_SHARED_DATA ?? join(repository, '../shared/data');
const absent = !existsSync(folder);
if (absent) console.warn(`real data: skipped, there is no ${folder} (set JIT_SHARED_DATA)`);

describe('real data', () => {
  test.skipIf(absent).each([
    ['beads', 'beads-issues.jsonl'],
    ['just-in-time', 'just-in-time'],
  ])(
    '%s: import, export, import, export gives the same document',
    async (kind, name) => {
      const [first, second] = [await tempTracker(), await tempTracker()];
      await first.json(['import', kind, join(folder, name)]);
      const one = await exported(first);
      const did = await second.json(['import', 'jit', one.file]);
      expect(did).toMatchObject({ skipped: [], repaired: [] });
      const two = await exported(second);
      expect(two.text).toBe(one.text);
      expect(lines(second)).toEqual(lines(first));
      expect(issueFiles(second)).toEqual(issueFiles(first));
      const { issues, gates, events } = JSON.parse(one.text);
      expect(issues.length).toBeGreaterThan(300);
      console.log(
        `${kind}: ${issues.length} issues, ${gates.length} gates, ${events.length} events: export, import, export alike`,
      );
    },
    60_000,
  );
});
