import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

describe('dep add', () => {
  test('takes ready away and names what the issue waits for', async () => {
    const { create, json, events } = await tempTracker();
    const [a, b, c] = [await create('A'), await create('B'), await create('C')];
    const changed = await json(['dep', 'add', a, b, c]);
    expect(changed).toMatchObject({ id: a, state: 'open', changed: true, removed: [] });
    expect(changed.added).toEqual([b, c]);
    expect(changed.dependencies).toEqual([b, c].sort());
    const notReady = events().find((event) => event.issue === a && event.ready === false);
    expect(notReady).toMatchObject({ type: 'ready_changed', cause: { type: 'dependency_added' } });
  });

  test('an edge that is there already changes nothing and writes no event', async () => {
    const { create, json, events, run } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    await json(['dep', 'add', a, b]);
    const before = events().length;
    expect(await json(['dep', 'add', a, b])).toMatchObject({ changed: false, added: [] });
    expect((await run(['dep', 'add', a, b])).stdout).toContain('unchanged');
    expect(events().length).toBe(before);
  });

  test('refuses a cycle with its path and adds none of the edges', async () => {
    const { create, json, fails, file } = await tempTracker();
    const [a, b, c] = [await create('A'), await create('B'), await create('C')];
    await json(['dep', 'add', a, b]);
    await json(['dep', 'add', b, c]);
    const other = await create('D');
    const failure = await fails(['dep', 'add', c, other, a]);
    expect(failure).toMatchObject({ exit: 4, code: 'CYCLE', details: { path: [c, a, b, c] } });
    expect(file(c).dependencies).toEqual([]);
    expect(await fails(['dep', 'add', a, a])).toMatchObject({ exit: 4, code: 'CYCLE' });
  });

  test('refuses what is not there, ambiguous or finished', async () => {
    const { create, json, fails, dir } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    expect(await fails(['dep', 'add', a, 'nosuch'])).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
    expect(await fails(['dep', 'add', 'nosuch', a])).toMatchObject({ exit: 3 });
    expect(await fails(['dep', 'add', a, 'null'])).toMatchObject({ exit: 2 });
    expect(await fails(['dep', 'add', a])).toMatchObject({ exit: 2 });
    for (const id of ['same-1', 'same-2']) copyIssue(dir, a, id);
    const failure = await fails(['dep', 'add', b, 'same']);
    expect(failure).toMatchObject({ exit: 4, code: 'AMBIGUOUS_ID' });
    expect(failure.details.candidates).toEqual(['same-1', 'same-2']);
    await json(`issue update ${a} --state done`);
    expect(await fails(['dep', 'add', a, b])).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE' });
  });

  test('refuses a token that is not current', async () => {
    const { create, fails, file } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    const stale = '0123456789abcdef0123456789abcdef';
    expect(await fails(['dep', 'add', a, b, '--claim', stale])).toMatchObject({
      exit: 7,
      code: 'LOST_CLAIM',
    });
    const env = { JIT_CLAIM: stale, JIT_ISSUE_ID: a };
    expect(await fails(['dep', 'add', a, b], { env })).toMatchObject({ exit: 7 });
    expect(file(a).dependencies).toEqual([]);
  });

  test('finishing the last dependency makes the issue ready', async () => {
    const { create, json, events } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    await json(['dep', 'add', a, b]);
    await json(`issue update ${b} --state done`);
    expect((await json('query ready'))[0].id).toBe(a);
    expect(events().at(-1)).toMatchObject({
      type: 'ready_changed',
      issue: a,
      ready: true,
      cause: { type: 'state_changed', issue: b },
    });
  });
});

describe('dep rm', () => {
  test('ends an edge, and changes nothing where there is none', async () => {
    const { create, json, run } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    await json(['dep', 'add', a, b]);
    expect(await json(['dep', 'rm', a, b])).toMatchObject({
      state: 'ready',
      removed: [b],
      changed: true,
    });
    expect(await json(['dep', 'remove', a, b])).toMatchObject({ changed: false, removed: [] });
    expect((await run(['dep', 'rm', a, b])).stdout).toContain('unchanged');
  });

  test('also ends an edge to an issue that does not exist', async () => {
    const { create, json, dir, file } = await tempTracker();
    const a = await create('A');
    const text = { ...file(a), dependencies: ['gone-by-merge'] };
    writeFileSync(join(dir, '.jit', 'issues', `${a}.json`), JSON.stringify(text));
    expect(await json(['dep', 'rm', a, 'gone-by-merge'])).toMatchObject({
      removed: ['gone-by-merge'],
    });
  });
});

describe('dep list', () => {
  test('lists the edges both ways with the issue at the other end', async () => {
    const { create, json, run } = await tempTracker();
    const [a, b] = [await create('A'), await create('B', '-p', 'high')];
    await json(['dep', 'add', a, b]);
    expect(await json(['dep', 'list', a])).toEqual([
      { issue: a, depends_on: b, title: 'B', state: 'ready', priority: 'high' },
    ]);
    const back = [{ issue: a, depends_on: b, title: 'A', state: 'open', priority: 'normal' }];
    expect(await json(['dep', 'list', b, '--dependents'])).toEqual(back);
    expect(await json(['rdeps', b])).toEqual(back);
    expect(await json(['dep', 'list', b])).toEqual([]);
    expect((await run(['dep', 'list', a])).stdout).toBe(`${a}\t${b}\tready\thigh\tB\n`);
  });

  test('shows missing and unreadable ends as such', async () => {
    const { create, json, run, dir, file } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    const text = { ...file(a), dependencies: [b, 'missing-one'] };
    writeFileSync(join(dir, '.jit', 'issues', `${a}.json`), JSON.stringify(text));
    writeFileSync(join(dir, '.jit', 'issues', `${b}.json`), '{');
    const states = (await json(['dep', 'list', a])).map((edge: { state: string }) => edge.state);
    expect(states.sort()).toEqual(['missing', 'unreadable']);
    const { stdout, stderr } = await run(['dep', 'tree', a]);
    expect(stdout).toMatch(/unreadable/);
    expect(stdout).toMatch(/missing/);
    expect(stderr).toContain(`issues/${b}.json`);
  });
});

describe('dep tree', () => {
  test('shows a shared node once in full and marks it afterwards', async () => {
    const { create, json, run } = await tempTracker();
    const [a, b, c, d] = [
      await create('A'),
      await create('B'),
      await create('C'),
      await create('D'),
    ];
    await json(['dep', 'add', a, b, c]);
    await json(['dep', 'add', b, d]);
    await json(['dep', 'add', c, d]);
    const tree = await json(['dep', 'tree', a]);
    const marks = tree.dependencies.map(
      (node: { dependencies: [{ repeated: boolean }] }) => node.dependencies[0].repeated,
    );
    expect(marks).toEqual([false, true]);
    const { stdout } = await run(['dep', 'tree', a]);
    expect(stdout.split('\n').filter((line) => line.includes('(above)'))).toHaveLength(1);
    expect(stdout).toMatch(/├─ .*\n│ {2}└─ .*\n└─ .*\n {3}└─ /);
  });

  test('ends where a merge has closed a circle', async () => {
    const { create, json, dir, file } = await tempTracker();
    const [a, b] = [await create('A'), await create('B')];
    await json(['dep', 'add', a, b]);
    writeFileSync(
      join(dir, '.jit', 'issues', `${b}.json`),
      JSON.stringify({ ...file(b), dependencies: [a] }),
    );
    const tree = await json(['dep', 'tree', a]);
    expect(tree.dependencies[0].dependencies[0]).toMatchObject({
      id: a,
      repeated: true,
      dependencies: [],
    });
  });

  test('marks what is cut by --depth and survives a chain of 3,000', async () => {
    const { json, run, dir } = await tempTracker();
    for (let at = 0; at < 3000; at += 1) {
      const dependencies = at === 0 ? [] : [`chain-${at - 1}`];
      const issue = {
        schema: 1,
        id: `chain-${at}`,
        title: 'x',
        state: 'open',
        priority: 'normal',
        created_at: '2026-01-01T00:00:00.000Z',
        dependencies,
      };
      writeFileSync(join(dir, '.jit', 'issues', `chain-${at}.json`), JSON.stringify(issue));
    }
    const tree = await json('dep tree chain-2999 --depth 1');
    expect(tree.dependencies[0]).toMatchObject({ id: 'chain-2998', cut: true, dependencies: [] });
    const { exit, stdout } = await run('dep tree chain-2999');
    expect([exit, stdout.trimEnd().split('\n').length]).toEqual([0, 501]);
    expect(stdout.trimEnd().endsWith('…')).toBe(true);
    expect((await run('dep tree chain-2999 --json')).exit).toBe(0);
  });

  test('of an issue that is not there is exit 3', async () => {
    const { fails } = await tempTracker();
    expect(await fails('dep tree nosuch')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
    expect(await fails('dep list nosuch')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
  });
});

function copyIssue(dir: string, from: string, to: string): void {
  const issue = {
    schema: 1,
    id: to,
    title: `copy of ${from}`,
    state: 'open',
    priority: 'normal',
    created_at: '2026-01-01T00:00:00.000Z',
  };
  writeFileSync(join(dir, '.jit', 'issues', `${to}.json`), JSON.stringify(issue));
}
