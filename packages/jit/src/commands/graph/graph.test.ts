import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

/** A tracker whose issues have ids of their own, written as files. */
async function withIssues(issues: Record<string, Record<string, unknown>>) {
  const tracker = await tempTracker();
  for (const [id, fields] of Object.entries(issues)) {
    const issue = {
      schema: 1,
      id,
      title: `Title of ${id}`,
      state: 'open',
      priority: 'normal',
      created_at: '2026-01-01T00:00:00.000Z',
      ...fields,
    };
    writeFileSync(join(tracker.dir, '.jit', 'issues', `${id}.json`), JSON.stringify(issue));
  }
  return tracker;
}

const DIAMOND = {
  'top.1': { dependencies: ['left', 'right', 'over'] },
  left: { dependencies: ['base'] },
  right: { dependencies: ['base'] },
  base: {},
  over: { state: 'done', assignee: 'ana' },
};

describe('graph show', () => {
  test('draws a shared issue once and leaves out what is finished', async () => {
    const { run, json } = await withIssues(DIAMOND);
    const { stdout } = await run('graph show');
    expect(stdout).toBe(
      [
        'top. open Title of top.1',
        '├─ left open Title of left',
        '│  └─ base ready Title of base',
        '└─ righ open Title of right',
        '   └─ base ready Title of base (above)',
        '',
      ].join('\n'),
    );
    expect((await run('graph show left')).stdout.split('\n')).toHaveLength(3);
    const graph = await json('graph show --all');
    expect(graph.nodes.map(({ id }: { id: string }) => id)).toEqual([
      'base',
      'left',
      'over',
      'right',
      'top.1',
    ]);
    expect(graph).toMatchObject({ tops: ['top.1'], cycles: [] });
  });

  test('marks where a shared issue with dependencies of its own comes up again', async () => {
    const { run } = await withIssues({ ...DIAMOND, base: { dependencies: ['deep'] }, deep: {} });
    const { stdout } = await run('graph show');
    expect(stdout.split('\n').filter((line) => line.includes('deep'))).toHaveLength(1);
    expect(stdout).toContain('   └─ base open Title of base (above)');
  });

  test('shows circles, missing and unreadable issues, and says so', async () => {
    const { run, json, dir } = await withIssues({
      aaaa: { dependencies: ['bbbb'] },
      bbbb: { dependencies: ['aaaa', 'gone'] },
      torn: {},
      user: { dependencies: ['torn'] },
    });
    await json('graph show');
    writeFileSync(join(dir, '.jit', 'issues', 'torn.json'), '{');
    const { stdout, stderr, exit } = await run('graph show');
    expect(exit).toBe(0);
    expect(stderr).toContain('in a circle: aaaa → bbbb → aaaa');
    expect(stdout).toContain('gone missing');
    expect(stdout).toContain('torn unreadable');
    expect(stdout).toContain('(above)');
  });

  test('of nothing, and of an issue that is not there', async () => {
    const { run, json, fails } = await tempTracker();
    expect((await run('graph show')).stdout).toBe('');
    expect(await json('graph show')).toEqual({ nodes: [], edges: [], tops: [], cycles: [] });
    expect(await fails('graph show nosuch')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
  });
});

describe('graph downstream', () => {
  test('lists all that waits, nearest first, and nothing behind what is finished', async () => {
    const { json } = await withIssues({ ...DIAMOND, 'far.1': { dependencies: ['top.1'] } });
    const found = await json('graph downstream base');
    expect(
      found.map(({ id, distance }: { id: string; distance: number }) => [id, distance]),
    ).toEqual([
      ['left', 1],
      ['right', 1],
      ['top.1', 2],
      ['far.1', 3],
    ]);
    expect(await json('graph downstream over')).toEqual([]);
    expect(await json('graph downstream over --all')).toHaveLength(2);
  });
});

describe('graph roots', () => {
  test('are the unfinished issues that wait for no other, with what is missing', async () => {
    const { json } = await withIssues({
      ...DIAMOND,
      gated: { gates: { review: { status: 'pending' } } },
      waits: { dependencies: ['gone'] },
    });
    const ids = async (line: string) => (await json(line)).map(({ id }: { id: string }) => id);
    expect(await ids('graph roots')).toEqual(['base', 'gated', 'gone']);
    expect(await ids('graph roots --all')).toEqual(['base', 'gated', 'gone', 'over']);
  });
});

describe('graph critical-path', () => {
  test('is the longest chain, first things first, ties by id', async () => {
    const { json, run } = await withIssues({ ...DIAMOND, alone: {} });
    expect((await json('graph critical-path')).path.map(({ id }: { id: string }) => id)).toEqual([
      'base',
      'left',
      'top.1',
    ]);
    expect(await json('graph critical-path left')).toMatchObject({ length: 2 });
    expect((await run('graph critical-path')).stdout.split('\n')[0]).toBe(
      '1. base ready Title of base',
    );
  });

  test('of circles ends and names them', async () => {
    const { json } = await withIssues({
      aaaa: { dependencies: ['bbbb'] },
      bbbb: { dependencies: ['aaaa'] },
    });
    expect(await json('graph critical-path')).toMatchObject({
      length: 2,
      cycles: [['aaaa', 'bbbb', 'aaaa']],
    });
  });
});

describe('graph export', () => {
  test('prints each format, the same every time', async () => {
    const { run, json } = await withIssues(DIAMOND);
    const dot = (await run('graph export')).stdout;
    expect((await run('graph export')).stdout).toBe(dot);
    expect(dot.split('\n').slice(3, 5)).toEqual([
      '  "base" [label="base · ready\\nTitle of base", fillcolor="#d3f9d8"];',
      '  "left" [label="left · open\\nTitle of left", fillcolor="#f1f3f5"];',
    ]);
    expect((await run('graph export --format mermaid')).stdout).toContain('i_left --> i_base');
    const graph = JSON.parse((await run('graph export --format json')).stdout);
    expect(graph).toEqual(await json('graph show'));
    expect(await json('graph export')).toMatchObject({
      format: 'dot',
      nodes: 4,
      edges: 4,
      file: null,
    });
  });

  test('writes a file, but not into the tracker, and not from a batch', async () => {
    const { json, fails, batch, dir } = await withIssues(DIAMOND);
    const file = join(dir, 'graph.dot');
    expect(await json(['graph', 'export', '--all', '-o', file])).toMatchObject({
      file,
      text: null,
    });
    expect(readFileSync(file, 'utf8')).toContain('"top.1" -> "over";');
    const inside = join(dir, '.jit', 'issues', 'base.json');
    expect((await fails(['graph', 'export', '-o', inside])).exit).toBe(2);
    expect((await fails(['graph', 'export', '-o', join(dir, 'no', 'x')])).exit).toBe(3);
    const other = join(dir, 'other.dot');
    const { answers } = await batch([
      ['graph', 'export', '-o', other],
      ['graph', 'roots'],
    ]);
    expect(answers.map(({ exit }) => exit)).toEqual([2, 0]);
    expect(existsSync(other)).toBe(false);
  });
});

test('5,000 issues in a chain of diamonds: each once in every answer', async () => {
  const issues: Record<string, Record<string, unknown>> = {};
  const name = (at: number) => `node-${String(at).padStart(4, '0')}`;
  for (let at = 0; at < 5000; at += 1) {
    // Every issue depends on the next two: as many ways through as a Fibonacci number.
    const dependencies = [at + 1, at + 2].filter((next) => next < 5000).map(name);
    issues[name(at)] = { dependencies };
  }
  const { run, json } = await withIssues(issues);
  const graph = await json('graph export --format json');
  expect([graph.nodes.length, graph.edges.length]).toEqual([5000, 9997]);
  const lines = (await run('graph show')).stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(5000 + 9997);
  const tree = (await run('dep tree node-4600')).stdout.trimEnd().split('\n');
  expect(tree).toHaveLength(1 + 399 + 398);
  const path = await json('graph critical-path');
  expect(path.length).toBe(5000);
  expect(await json('graph downstream node-4999')).toHaveLength(4999);
  expect(await json('graph roots')).toMatchObject([{ id: 'node-4999' }]);
  console.log(
    `graph: 5,000 issues, 9,997 edges: ${lines.length} lines drawn, path of ${path.length}`,
  );
});
