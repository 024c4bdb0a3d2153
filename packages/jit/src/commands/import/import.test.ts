import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

const LINES = [
  {
    id: 'bd-1',
    title: 'first',
    status: 'open',
    priority: 1,
    issue_type: 'task',
    created_at: '2026-01-01T00:00:00Z',
    comments: [{ id: 1, author: 'ana', text: 'why', created_at: '2026-01-03T00:00:00Z' }],
  },
  {
    id: 'bd-2',
    title: 'second',
    status: 'open',
    priority: 2,
    issue_type: 'bug',
    created_at: '2026-01-02T00:00:00Z',
    dependencies: [{ issue_id: 'bd-2', depends_on_id: 'bd-1', type: 'blocks' }],
  },
];

describe('import beads', () => {
  test('takes issues over once, tells what it did, and leaves a sound tracker', async () => {
    const { json, run, dir, events } = await tempTracker();
    const file = join(dir, 'issues.jsonl');
    writeFileSync(file, LINES.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const dry = await json(['import', 'beads', file, '--dry-run']);
    expect(dry).toMatchObject({ dry_run: true, changed: false, issues: { read: 2, created: 2 } });
    expect(await json('query all')).toEqual([]);
    const { stdout } = await run(['import', 'beads', file]);
    expect(stdout).toContain(
      'imported from beads\nissues: 2 read, 2 created, 0 here before, 0 skipped\n',
    );
    expect(stdout).toContain('dependencies: 1 read, 1 imported, 0 kept as links');
    const ready = await json('query ready');
    expect(ready.map(({ id }: { id: string }) => id)).toEqual(['bd-1']);
    const noted = events().filter((event) => event.type === 'ready_changed');
    expect(noted).toMatchObject([{ issue: 'bd-1', cause: { type: 'issue_imported' } }]);
    expect(await json(['import', 'beads', file])).toMatchObject({
      changed: false,
      issues: { unchanged: 2 },
    });
    expect(await json('validate')).toMatchObject({ errors: 0, warnings: 0 });
  });

  test('refuses what is not there or can not be read and imports nothing', async () => {
    const { fails, json, dir } = await tempTracker();
    expect(await fails('import beads nosuch.jsonl')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
    const file = join(dir, 'bad.jsonl');
    writeFileSync(file, `${JSON.stringify(LINES[0])}\nhello\n`);
    expect(await fails(['import', 'beads', file])).toMatchObject({
      exit: 4,
      code: 'SOURCE_UNREADABLE',
    });
    expect(await json('query all')).toEqual([]);
    expect(await fails('import')).toMatchObject({ exit: 2 });
  });
});

describe('import just-in-time', () => {
  test('takes issues over from its folder', async () => {
    const { json, fails, dir } = await tempTracker();
    const source = join(dir, 'old');
    mkdirSync(join(source, 'issues'), { recursive: true });
    const id = '0b5ab9a6-7a2e-4b9c-9d3e-2f1f6f3f0a11';
    const issue = {
      id,
      title: 'old one',
      description: '',
      state: 'ready',
      priority: 'high',
      dependencies: [],
      gates_required: [],
      gates_status: {},
      context: {},
      documents: [],
      labels: [],
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    };
    writeFileSync(join(source, 'issues', `${id}.json`), JSON.stringify(issue));
    writeFileSync(join(source, 'index.json'), JSON.stringify({ schema_version: 1, all_ids: [id] }));
    const done = await json(['import', 'just-in-time', source]);
    expect(done).toMatchObject({ source: 'just-in-time', issues: { read: 1, created: 1 } });
    expect((await json('query ready'))[0]).toMatchObject({ id, priority: 'high' });
    expect(await fails(['import', 'just-in-time', join(dir, 'nosuch')])).toMatchObject({ exit: 3 });
  });
});
