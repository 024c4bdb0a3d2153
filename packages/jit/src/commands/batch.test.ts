import { JitError } from '@jit/contract/errors';
import { runInProcess } from '@jit/testkit/run-in-process';
import { describe, expect, test } from 'vitest';
import { openStoreLock } from '../../test/support/store-lock.ts';
import { PROGRAM, tempTracker } from '../../test/support/temp-tracker.ts';

describe('jit batch', () => {
  test('runs each line and answers each with one line, in order', async () => {
    const { batch, events } = await tempTracker();
    const { exit, stderr, answers } = await batch([
      ['issue', 'create', '-t', 'a'],
      ['query', 'ready'],
      ['issue', 'create', '-t', 'b', '--json', '--actor', 'bob'],
      ['query', 'ready'],
    ]);
    expect([exit, stderr]).toEqual([0, '']);
    expect(answers.map(({ exit: each }) => each)).toEqual([0, 0, 0, 0]);
    expect(answers[1].result).toHaveLength(1);
    expect(answers[3].result).toHaveLength(2);
    expect(answers[2].result.created_by).toBe('bob');
    const made = events().filter(({ type }) => type === 'issue_created');
    expect(made.map(({ actor }) => actor)).toEqual(['ana', 'bob']);
  });

  test('prints the same with and without --json, and changes no text', async () => {
    const { run, create } = await tempTracker();
    const title = 'a \u009b, a \u0085, a \u007f, \u202eright to left\u202c';
    await create(title);
    const stdin = '["issue","list"]\n';
    const { stdout } = await run('batch', { stdin });
    expect((await run('batch --json', { stdin })).stdout.length).toBeGreaterThan(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse((await run('batch --json', { stdin })).stdout));
    expect(JSON.parse(stdout).result[0].title).toBe(title);
  });

  test('exits with the code of the first line that failed and still tries the rest', async () => {
    const { batch, create, json } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one`);
    const { exit, answers } = await batch([
      ['issue', 'create', 'kept'],
      ['issue', 'claim', id, 'two'],
      ['issue', 'show', 'zzzz'],
      ['issue', 'create', 'kept too'],
    ]);
    expect(exit).toBe(6);
    expect(answers.map((answer) => answer.error?.code ?? answer.exit)).toEqual([
      0,
      'ALREADY_CLAIMED',
      'NOT_FOUND',
      0,
    ]);
    expect(await json('issue list')).toHaveLength(3);
  });

  test('answers lines that are no argv with exit 2 and tries the rest', async () => {
    const { run, json } = await tempTracker();
    const bad = ['nonsense', '{}', '"issue list"', '[1]', '["issue",null]', '[]', 'null'];
    const stdin = [...bad, '["issue","create","x"]'].join('\n');
    const { exit, stdout } = await run('batch', { stdin });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exit).toBe(2);
    expect(answers.map((answer) => answer.exit)).toEqual([...bad.map(() => 2), 0]);
    expect(answers.slice(0, -1).every(({ error }) => error.code === 'USAGE')).toBe(true);
    expect(await json('issue list')).toHaveLength(1);
  });

  test.each([
    ['a folder of its own', ['issue', 'list', '--dir', '/tmp'], '--dir'],
    ['a wait of its own', ['issue', 'list', '--lock-timeout', '1'], '--lock-timeout'],
    ['a batch', ['batch'], "'jit batch'"],
    ['init', ['init'], "'jit init'"],
    ['help', ['issue', 'list', '--help'], 'help'],
    ['a stream', ['events', 'tail', '--follow'], 'stream'],
    ['text from stdin', ['issue', 'create', 'x', '--description-file', '-'], 'stdin'],
    ['an unknown command', ['issue', 'finish'], 'issue finish'],
  ])('refuses %s in a line', async (_, argv, word) => {
    const { batch } = await tempTracker();
    const { exit, answers } = await batch([argv]);
    expect([exit, answers[0]?.exit]).toEqual([2, 2]);
    expect(answers[0]?.error.message).toContain(word);
  });

  test('of nothing prints nothing and exits 0', async () => {
    const { run } = await tempTracker();
    expect(await run('batch')).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(await run('batch --atomic')).toEqual({ exit: 0, stdout: '', stderr: '' });
  });

  test('prints the token of a claim and counts the token of a line', async () => {
    const { batch, create } = await tempTracker();
    const id = await create('x');
    const token = '0123456789abcdef0123456789abcdef';
    const { answers } = await batch([
      ['issue', 'claim', id, 'one', '--ttl', '60', '--claim', token],
      ['issue', 'claim', id, 'two'],
      ['issue', 'update', id, '--state', 'done'],
      ['issue', 'update', id, '--state', 'done', '--claim', token],
    ]);
    expect(answers.map(({ exit }) => exit)).toEqual([0, 6, 6, 0]);
    expect(answers[0]?.result.claim.token).toBe(token);
  });

  test('keeps nothing of a line that failed', async () => {
    const { batch, create, file } = await tempTracker();
    const blocked = await create('x', '--dep', await create('first'));
    const before = file(blocked);
    const { answers } = await batch([
      ['issue', 'update', blocked, '-t', 'changed', '--state', 'done'],
      ['issue', 'create', 'y'],
    ]);
    expect(answers.map(({ exit }) => exit)).toEqual([4, 0]);
    expect(file(blocked)).toEqual(before);
  });

  test('keeps a move to gated, though its line exits 4', async () => {
    const { batch, json } = await tempTracker();
    await json('gate define tests --stage done');
    const { id } = await json('issue create x --gate tests');
    const { exit, answers } = await batch([['issue', 'update', id, '--state', 'done']]);
    expect([exit, answers[0]?.error.code]).toEqual([4, 'GATES_OPEN']);
    expect((await json(`issue show ${id}`)).state).toBe('gated');
  });

  test('runs 500 lines, each after the ones before it', async () => {
    const { batch, json, events } = await tempTracker();
    const lines = Array.from({ length: 500 }, (_, at) => ['issue', 'create', `number ${at}`]);
    const { exit, answers } = await batch(lines);
    expect(exit).toBe(0);
    expect(answers.map(({ result }) => result.title)).toEqual(lines.map(([, , title]) => title));
    expect(await json('issue list')).toHaveLength(500);
    expect(events().filter(({ type }) => type === 'issue_created')).toHaveLength(500);
    expect(new Set(events().map(({ id }) => id)).size).toBe(events().length);
  });
});

describe('jit batch --atomic', () => {
  test('keeps everything when every line works', async () => {
    const { batch, json } = await tempTracker();
    const { exit, answers } = await batch(
      [
        ['issue', 'create', 'a'],
        ['issue', 'create', 'b'],
        ['issue', 'list'],
      ],
      ['--atomic'],
    );
    expect(exit).toBe(0);
    expect(answers[2]?.result).toHaveLength(2);
    expect(await json('issue list')).toHaveLength(2);
  });

  test('keeps nothing when a line fails, and says so of the lines that had worked', async () => {
    const { batch, create, json, events } = await tempTracker();
    const id = await create('x');
    await json(`issue claim ${id} one --ttl 60`);
    const before = events();
    const { exit, answers } = await batch(
      [
        ['issue', 'create', 'a'],
        ['issue', 'list'],
        ['issue', 'claim', id, 'two'],
        ['issue', 'create', 'b'],
      ],
      ['--atomic'],
    );
    expect(exit).toBe(6);
    expect(answers.map((answer) => [answer.exit, answer.error.code])).toEqual([
      [4, 'ROLLED_BACK'],
      [4, 'ROLLED_BACK'],
      [6, 'ALREADY_CLAIMED'],
      [4, 'ROLLED_BACK'],
    ]);
    expect(answers[0]?.error.details).toEqual({ line: 3 });
    expect(events()).toEqual(before);
    expect(await json('issue list')).toHaveLength(1);
  });

  test('takes a move to gated back with the rest', async () => {
    const { batch, json } = await tempTracker();
    await json('gate define tests --stage done');
    const { id } = await json('issue create x --gate tests');
    const { exit } = await batch(
      [
        ['issue', 'create', 'a'],
        ['issue', 'update', id, '--state', 'done'],
      ],
      ['--atomic'],
    );
    expect(exit).toBe(4);
    expect(await json('issue list')).toMatchObject([{ id, state: 'ready' }]);
  });

  test('keeps nothing when a line is no argv', async () => {
    const { run, json } = await tempTracker();
    const { exit, stdout } = await run('batch --atomic', { stdin: '["issue","create","a"]\nx' });
    expect(exit).toBe(2);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).exit),
    ).toEqual([4, 2]);
    expect(await json('issue list')).toEqual([]);
  });

  test('leaves the lock free afterwards, whatever became of it', async () => {
    const { batch, create } = await tempTracker();
    await batch([['issue', 'show', 'zzzz']], ['--atomic']);
    await create('x', '--lock-timeout', '0');
    await batch([['issue', 'list']], ['--atomic']);
    await create('y', '--lock-timeout', '0');
  });
});

describe('a batch that cannot write', () => {
  test('answers every line of the group with why, also those that only read in it', async () => {
    const { dir, json } = await tempTracker();
    const full = new JitError('external', 'CANNOT_STAGE', 'the disk is full', { retryable: true });
    const failing: typeof PROGRAM.createContext = (globals, io, tools) => {
      const context = PROGRAM.createContext(globals, io, tools);
      const { store } = context;
      return context.on({
        read: (body) => store.read(body),
        write: (body) => store.write(body),
        rehearse: (body) => store.rehearse(body),
        inspect: () => store.inspect(),
        feed: () => store.feed(),
        watch: () => store.watch(),
        close: () => store.close(),
        openGroup() {
          const group = store.openGroup();
          const commit = () => {
            group.rollback();
            throw full;
          };
          return { ...group, commit };
        },
      });
    };
    const lines = ['["issue","list"]', '["issue","create","a"]', '["issue","list"]', '[]'];
    const program = { ...PROGRAM, createContext: failing };
    const env = { JIT_DIR: dir, JIT_ACTOR: 'ana' };
    const { exit, stdout } = await runInProcess(program, ['batch'], {
      env,
      stdin: lines.join('\n'),
    });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exit).toBe(10);
    expect(answers.map(({ exit: each, error }) => error?.code ?? each)).toEqual([
      0,
      'CANNOT_STAGE',
      'CANNOT_STAGE',
      'USAGE',
    ]);
    expect(await json('issue list')).toEqual([]);
  });

  test('waits for the lock once, answers its writes with exit 75, and still reads', async () => {
    const { dir, run, batch, create } = await tempTracker();
    await create('x');
    const unlock = openStoreLock(dir);
    const begun = performance.now();
    const { exit, answers } = await batch(
      [
        ['issue', 'list'],
        ['issue', 'create', 'a'],
        ['issue', 'list'],
        ['issue', 'create', 'b'],
      ],
      ['--lock-timeout', '0.5'],
    );
    unlock();
    expect(exit).toBe(75);
    expect(answers.map((answer) => answer.error?.code ?? answer.exit)).toEqual([
      0,
      'LOCK_TIMEOUT',
      0,
      'LOCK_TIMEOUT',
    ]);
    expect(performance.now() - begun).toBeLessThan(950);
    const atomic = openStoreLock(dir);
    const { stdout } = await run('batch --atomic --lock-timeout 0', {
      stdin: '["issue","list"]\n["issue","create","a"]\n',
    });
    atomic();
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).exit),
    ).toEqual([75, 75]);
  });
});
