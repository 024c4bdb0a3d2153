import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempTracker } from '../../../test/support/temp-tracker.ts';

describe('gate define', () => {
  test('makes an entry gate unless told otherwise, and once', async () => {
    const { json, run, fails, events } = await tempTracker();
    const review = await json('gate define review');
    expect(review).toEqual({
      key: 'review',
      title: 'review',
      description: '',
      stage: 'ready',
      mode: 'manual',
      checker: null,
      trusted: null,
      issues: [],
      conflicts: [],
      changed: true,
    });
    expect(await json('gate define review')).toMatchObject({ changed: false });
    expect((await run('gate define tests --stage done --title "All tests"')).stdout).toContain(
      'exit gate',
    );
    expect(await fails('gate define review --stage done')).toMatchObject({
      exit: 6,
      code: 'GATE_EXISTS',
    });
    expect(await fails('gate define Review')).toMatchObject({ exit: 6, code: 'GATE_EXISTS' });
    expect(events().filter((event) => event.type === 'gate_defined')).toHaveLength(2);
  });

  test('with a command makes an automatic gate that this machine runs', async () => {
    const { json, fails, events } = await tempTracker();
    const argv = ['gate', 'define', 'tests', '--stage', 'done', '--command', 'npm test'];
    const more = ['--timeout', '60', '--working-dir', 'sub/', '--env', 'A=b=c'];
    expect(await json([...argv, ...more])).toMatchObject({
      mode: 'auto',
      trusted: true,
      changed: true,
      checker: { command: 'npm test', timeout_secs: 60, working_dir: 'sub', env: { A: 'b=c' } },
    });
    expect(await json([...argv, ...more])).toMatchObject({ changed: false });
    expect(await fails(argv)).toMatchObject({ exit: 6, code: 'GATE_EXISTS' });
    expect(events().filter(({ type }) => type === 'gate_defined')).toMatchObject([
      { gate: 'tests', mode: 'auto', command: 'npm test' },
    ]);
  });

  test.each([
    ['no stage', ['--command', 'true']],
    ['flags of a checker without a command', ['--stage', 'done', '--timeout', '5']],
    ['no time', ['--stage', 'done', '--command', 'true', '--timeout', '0']],
    ['too much time', ['--stage', 'done', '--command', 'true', '--timeout', '86401']],
    ['a folder above', ['--stage', 'done', '--command', 'true', '--working-dir', 'a/../..']],
    ['an absolute folder', ['--stage', 'done', '--command', 'true', '--working-dir', '/tmp']],
    ['a variable without a value', ['--stage', 'done', '--command', 'true', '--env', 'A']],
    ['a variable of ours', ['--stage', 'done', '--command', 'true', '--env', 'JIT_DIR=x']],
    ['an empty command', ['--stage', 'done', '--command', '']],
  ])('refuses %s, and defines nothing', async (_, flags) => {
    const { json, fails } = await tempTracker();
    expect(await fails(['gate', 'define', 'tests', ...flags])).toMatchObject({ exit: 2 });
    expect(await json('gate list')).toEqual([]);
  });

  test('refuses a key that can be no file name and a stage there is none of', async () => {
    const { fails } = await tempTracker();
    expect(await fails(['gate', 'define', '../x'])).toMatchObject({ exit: 2 });
    expect(await fails('gate define x --stage redy')).toMatchObject({
      exit: 2,
      details: { nearest: 'ready' },
    });
  });

  test('does not write over a file that can not be used', async () => {
    const { json, fails, dir } = await tempTracker();
    await json('gate define review');
    const path = join(dir, '.jit', 'gates', 'review.json');
    writeFileSync(path, '{"half":');
    for (const line of [
      'gate define review --title New',
      'gate show review',
      'gate remove review',
    ]) {
      expect(await fails(line)).toMatchObject({
        exit: 4,
        code: 'UNREADABLE',
        details: { gate: 'review' },
      });
    }
    expect(readFileSync(path, 'utf8')).toBe('{"half":');
  });
});

describe('gate add', () => {
  test('puts gates on an issue and takes ready away', async () => {
    const { create, json, events } = await tempTracker();
    const id = await create('A');
    await json('gate define review');
    const issue = await json(`gate add ${id} review`);
    expect(issue).toMatchObject({ state: 'open', changed: true });
    expect(issue.blockers).toEqual([{ type: 'gate', gate: 'review', status: 'pending' }]);
    expect(events().at(-1)).toMatchObject({
      type: 'ready_changed',
      ready: false,
      cause: { type: 'gate_added' },
    });
    expect(await json(`gate add ${id} review`)).toMatchObject({ changed: false });
  });

  test('refuses an undefined key with the nearest and the accepted ones, unless told to define it', async () => {
    const { create, json, fails, file } = await tempTracker();
    const id = await create('A');
    await json('gate define review');
    const failure = await fails(`gate add ${id} review reviev`);
    expect(failure).toMatchObject({
      exit: 3,
      code: 'GATE_NOT_FOUND',
      details: { gate: 'reviev', nearest: 'review', accepted: ['review'] },
    });
    expect(failure.hint).toContain("did you mean 'review'?");
    expect(file(id).gates).toEqual({});
    const issue = await json(`gate add ${id} design --define`);
    expect(issue.gates[0]).toMatchObject({
      key: 'design',
      stage: 'ready',
      mode: 'manual',
      status: 'pending',
    });
  });

  test('refuses what is not there, finished or held with another token', async () => {
    const { create, json, fails } = await tempTracker();
    const id = await create('A');
    await json('gate define review');
    expect(await fails('gate add nosuch review')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
    const stale = '0123456789abcdef0123456789abcdef';
    expect(await fails(`gate add ${id} review --claim ${stale}`)).toMatchObject({ exit: 7 });
    await json(`issue update ${id} --state done`);
    expect(await fails(`gate add ${id} review`)).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE' });
  });
});

describe('gate pass and fail', () => {
  test('passing the last entry gate makes the issue ready', async () => {
    const { json, create, events } = await tempTracker();
    await json('gate define review');
    const id = await create('A', '--gate', 'review');
    const failed = await json([...`gate fail ${id} review --by bob --note`.split(' '), 'no tests']);
    expect(failed).toMatchObject({ state: 'open', changed: true });
    expect(failed.gates[0]).toMatchObject({ status: 'failed', by: 'bob', note: 'no tests' });
    const passed = await json(`gate pass ${id} review`);
    expect(passed).toMatchObject({ state: 'ready', blockers: [] });
    expect(passed.gates[0]).toMatchObject({ status: 'passed', by: 'ana', note: null });
    expect(events().at(-1)).toMatchObject({
      type: 'ready_changed',
      issue: id,
      ready: true,
      cause: { type: 'gate_passed' },
    });
    expect(await json(`gate pass ${id} review`)).toMatchObject({ changed: false });
  });

  test('passing the last exit gate makes a gated issue done and frees its dependents', async () => {
    const { json, create, fails, events } = await tempTracker();
    await json('gate define tests --stage done');
    await json('gate define docs --stage done');
    const id = await create('A', '--gate', 'tests,docs');
    const next = await create('B', '--dep', id);
    expect(await fails(`issue update ${id} --state done`)).toMatchObject({
      exit: 4,
      code: 'GATES_OPEN',
    });
    expect(await json(`gate pass ${id} docs`)).toMatchObject({ state: 'gated' });
    expect(await json(`gate pass ${id} tests`)).toMatchObject({ state: 'done' });
    expect((await json('query ready')).map((issue: { id: string }) => issue.id)).toEqual([next]);
    const types = events()
      .slice(-3)
      .map((event) => event.type);
    expect(types).toEqual(['gate_passed', 'state_changed', 'ready_changed']);
  });

  test('a failed exit gate gives a gated issue back to its holder, or opens it', async () => {
    const { json, create, fails } = await tempTracker();
    await json('gate define tests --stage done');
    const [held, free] = [
      await create('A', '--gate', 'tests'),
      await create('B', '--gate', 'tests'),
    ];
    const { claim } = await json(`issue claim ${held} bot --ttl 600`);
    expect(await fails(`issue update ${held} --state done --claim ${claim.token}`)).toMatchObject({
      exit: 4,
    });
    expect(await fails(`issue update ${free} --state done`)).toMatchObject({ exit: 4 });
    expect(await json(`gate fail ${held} tests --claim ${claim.token}`)).toMatchObject({
      state: 'in_progress',
      assignee: 'bot',
    });
    expect(await json(`gate fail ${free} tests`)).toMatchObject({ state: 'ready', assignee: null });
  });

  test('a failed exit gate of a reserved issue leaves it reserved', async () => {
    const { json, create, fails } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('A', '--gate', 'tests');
    await json(`issue assign ${id} bob`);
    await fails(`issue update ${id} --state done`);
    expect(await json(`gate fail ${id} tests`)).toMatchObject({ state: 'ready', assignee: 'bob' });
    expect(await fails(`issue claim ${id} eve`)).toMatchObject({ exit: 6, code: 'RESERVED' });
  });

  test('a failed decision is an answer: exit 0, in words', async () => {
    const { json, create, run } = await tempTracker();
    await json('gate define review');
    const id = await create('A', '--gate', 'review');
    const { exit, stdout } = await run(`gate fail ${id} review`);
    expect([exit, stdout]).toEqual([0, expect.stringContaining('review failed')]);
  });

  test('refuse keys that the issue does not carry and issues that are finished', async () => {
    const { json, create, fails } = await tempTracker();
    await json('gate define review');
    await json('gate define tests --stage done');
    const id = await create('A', '--gate', 'tests');
    expect(await fails(`gate pass ${id} review`)).toMatchObject({
      exit: 3,
      code: 'GATE_NOT_ON_ISSUE',
      details: { accepted: ['tests'] },
    });
    expect(await fails(`gate fail ${id} test`)).toMatchObject({
      exit: 3,
      details: { nearest: 'tests' },
    });
    await json(`gate pass ${id} tests`);
    await json(`issue update ${id} --state done`);
    expect(await fails(`gate fail ${id} tests`)).toMatchObject({ exit: 4, code: 'ILLEGAL_MOVE' });
    const stale = '0123456789abcdef0123456789abcdef';
    const other = await create('B', '--gate', 'tests');
    expect(await fails(`gate pass ${other} tests --claim ${stale}`)).toMatchObject({ exit: 7 });
  });

  test('an automatic gate is never passed by word alone', async () => {
    const { json, create, fails, dir, file } = await tempTracker();
    const gate = {
      schema: 1,
      key: 'ci',
      title: 'ci',
      stage: 'done',
      mode: 'auto',
      checker: { command: 'true' },
    };
    writeFileSync(join(dir, '.jit', 'gates', 'ci.json'), JSON.stringify(gate));
    const id = await create('A', '--gate', 'ci');
    expect(await fails(`gate pass ${id} ci`)).toMatchObject({
      exit: 5,
      code: 'GATE_NOT_TRUSTED',
    });
    expect(file(id).gates.ci.status).toBe('pending');
    expect(await json('gate show ci')).toMatchObject({
      mode: 'auto',
      checker: { command: 'true', timeout_secs: 300 },
    });
  });
});

describe('gate status, list and show', () => {
  test('tell how gates stand and who carries them', async () => {
    const { json, create, run } = await tempTracker();
    await json('gate define review --title "Somebody looks"');
    const id = await create('A', '--gate', 'review');
    expect(await json(`gate status ${id}`)).toMatchObject({
      id,
      gates: [{ key: 'review', status: 'pending' }],
    });
    expect((await run(`gate status ${id}`)).stdout).toMatch(/^review\tentry\tpending/);
    expect(await json('gate list')).toMatchObject([{ key: 'review', issues: [id] }]);
    expect(await json('gate show review')).toMatchObject({ title: 'Somebody looks', issues: [id] });
    expect((await run('gate show review')).stdout).toContain(`on ${id}`);
    expect((await run('gate list')).stdout).toBe('review\tentry\tmanual\t1\tSomebody looks\n');
  });

  test('refuse what is not there', async () => {
    const { json, fails } = await tempTracker();
    await json('gate define review');
    expect(await fails('gate show reviw')).toMatchObject({
      exit: 3,
      details: { nearest: 'review' },
    });
    expect(await fails('gate status nosuch')).toMatchObject({ exit: 3, code: 'NOT_FOUND' });
  });
});

describe('gate remove', () => {
  test('removes a definition that no unfinished issue carries', async () => {
    const { json, create, fails } = await tempTracker();
    await json('gate define review');
    const id = await create('A', '--gate', 'review');
    expect(await fails('gate remove review')).toMatchObject({
      exit: 4,
      code: 'GATE_IN_USE',
      details: { issues: [id] },
    });
    expect(await json(`gate remove review --issue ${id}`)).toEqual({
      key: 'review',
      changed: true,
      issues: [id],
    });
    expect(await json(`gate remove review --issue ${id}`)).toMatchObject({ changed: false });
    expect((await json('query ready'))[0].id).toBe(id);
    expect(await json('gate remove review')).toEqual({ key: 'review', changed: true, issues: [] });
    expect(await fails('gate remove review')).toMatchObject({ exit: 3, code: 'GATE_NOT_FOUND' });
  });

  test('the last open exit gate that is taken off makes a gated issue done', async () => {
    const { json, create, fails, run, events } = await tempTracker();
    await json('gate define tests --stage done');
    const id = await create('A', '--gate', 'tests');
    await fails(`issue update ${id} --state done`);
    expect((await run(`gate remove tests --issue ${id}`)).stdout).toContain(`off ${id}`);
    expect(events().find(({ type }) => type === 'gate_removed')).toMatchObject({
      status: 'pending',
    });
    expect((await json(`issue show ${id}`)).state).toBe('done');
  });

  test('takes a claim only together with an issue', async () => {
    const { json, fails } = await tempTracker();
    await json('gate define review');
    expect(await fails('gate remove review --claim x')).toMatchObject({ exit: 2 });
    expect(await fails('gate remove review --issue nosuch')).toMatchObject({ exit: 3 });
  });
});
