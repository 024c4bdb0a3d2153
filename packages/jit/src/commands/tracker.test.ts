import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../test/support/temp-tracker.ts';
import { COMMANDS } from './index.ts';

describe('status', () => {
  test('counts by shown state, priority and claim', async () => {
    const { create, json, run, dir } = await tempTracker();
    const a = await create('A', '-p', 'high');
    await create('B', '--dep', a);
    const [done, claimed] = [await create('C'), await create('D')];
    await json(`issue update ${done} --state done`);
    await json(`issue claim ${claimed} bot --ttl 60`);
    expect(await json('status')).toEqual({
      dir: join(dir, '.jit'),
      total: 4,
      by_state: { ready: 1, open: 1, in_progress: 1, gated: 0, done: 1, rejected: 0, archived: 0 },
      unfinished_by_priority: { critical: 0, high: 1, normal: 2, low: 0 },
      claims: 1,
      by_label: [],
      unreadable: [],
    });
    const { stdout } = await run('status');
    expect(stdout).toContain('1 ready · 1 open · 1 in_progress · 1 done');
  });

  test('names files that can not be used and counts them nowhere', async () => {
    const { create, json, run, dir } = await tempTracker();
    const { writeFileSync } = await import('node:fs');
    const id = await create('A');
    writeFileSync(join(dir, '.jit', 'issues', `${id}.json`), '{');
    expect(await json('status')).toMatchObject({
      total: 0,
      unreadable: [`.jit/issues/${id}.json`],
    });
    expect((await run('status')).stderr).toContain(id);
  });
});

describe('status by label', () => {
  test('counts finished issues without reading them, and follows every change', async () => {
    const { create, json, run, dir, file } = await tempTracker();
    const { writeFileSync } = await import('node:fs');
    const ids = [];
    for (const title of ['a', 'b', 'c']) {
      ids.push(await create(title, '--label', 'epic:auth', '--label', 'plain'));
    }
    const [a = '', b = '', c = ''] = ids;
    await json(`issue update ${a} --state done`);
    await json(`issue claim ${b} bot`);
    const row = async (label: string) =>
      (await json('status')).by_label.find((each: { label: string }) => each.label === label);
    const auth = { label: 'epic:auth', ready: 1, open: 0, in_progress: 1, gated: 0 };
    expect(await row('epic:auth')).toEqual({ ...auth, total: 3, finished: 1, percent: 33 });
    expect((await run('status')).stdout.split('\n').slice(-2)).toEqual([
      'epic:auth   33 %  1 of 3 · 1 ready · 1 in_progress',
      '',
    ]);
    expect((await run("status --label 'pl*'")).stdout).toContain('plain   33 %  1 of 3');
    expect((await json('status --label plain')).by_label).toHaveLength(1);
    // An outside change, before and after the index took it in.
    const path = join(dir, '.jit', 'issues', `${c}.json`);
    writeFileSync(path, JSON.stringify({ ...file(c), state: 'done', labels: ['epic:other'] }));
    for (const times of ['first', 'second']) {
      expect(await row('epic:other'), times).toMatchObject({ total: 1, finished: 1, percent: 100 });
      expect(await row('epic:auth'), times).toMatchObject({ total: 2, finished: 1, percent: 50 });
    }
    await json(`issue reopen ${a}`);
    expect(await row('epic:auth')).toMatchObject({ total: 2, finished: 0 });
    await json(`issue delete ${c}`);
    expect(await row('epic:other')).toBeUndefined();
  });
});

describe('where', () => {
  test('tells the folder, how it was found and where was looked', async () => {
    const { json, run, fails, dir } = await tempTracker();
    const found = await json('where');
    expect(found).toMatchObject({ dir: join(dir, '.jit'), source: 'JIT_DIR' });
    expect((await json(['where', '--dir', dir])).source).toBe('--dir');
    expect((await run('where')).stdout.split('\n')[0]).toBe(join(dir, '.jit'));
    expect(await fails(['where', '--dir', '/nowhere'])).toMatchObject({
      exit: 3,
      code: 'NOT_A_TRACKER',
    });
  });
});

describe('schema', () => {
  test('gives each command a schema that stands for itself', async () => {
    const { json } = await tempTracker();
    for (const { path } of COMMANDS) {
      const schema = await json(['schema', ...path.split(' ')]);
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: `jit ${path}`,
      });
      expect(danglingRefs(schema)).toEqual([]);
    }
  });

  test('gives all of them in one document, with the error', async () => {
    const { json, run } = await tempTracker();
    const all = await json('schema');
    expect(Object.keys(all['x-commands'])).toEqual(COMMANDS.map(({ path }) => path));
    expect(all.$defs.Error.properties.error.required).toContain('retryable');
    expect(danglingRefs(all)).toEqual([]);
    expect(JSON.parse((await run('schema error')).stdout).title).toBe('jit: an error');
  });

  test('refuses a command there is none of with the nearest', async () => {
    const { fails } = await tempTracker();
    const failure = await fails('schema query redy');
    expect(failure).toMatchObject({ exit: 2, details: { nearest: 'query ready' } });
  });

  test('knows the aliases and needs no tracker', async () => {
    const { json } = await tempTracker();
    const schema = await json('schema ready', { env: { JIT_DIR: '/nowhere' } });
    expect(schema.title).toBe('jit query ready');
  });
});

test('every command has a summary, examples that call it, and no path twice', async () => {
  const paths = COMMANDS.flatMap(({ path, aliases = [] }) => [path, ...aliases]);
  expect(new Set(paths).size).toBe(paths.length);
  for (const entry of COMMANDS) {
    const command = await entry.load();
    expect(command.path).toBe(entry.path);
    expect(command.summary).toBe(entry.summary);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { argv } of command.examples) expect(argv.startsWith(entry.path)).toBe(true);
  }
});

/** References inside a schema that lead nowhere. */
function danglingRefs(schema: Record<string, unknown>): string[] {
  const defs = new Set(Object.keys(schema.$defs ?? {}));
  const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)];
  return refs.map(([, name]) => decodeURIComponent(name ?? '')).filter((name) => !defs.has(name));
}
