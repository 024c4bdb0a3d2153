import { describe, expect, expectTypeOf, test } from 'vitest';
import { toyProgram } from '../test/toy-program.ts';
import { commonGlobals } from './globals.ts';
import { type MemoryIoOptions, memoryIo } from './io.ts';
import { runCli } from './run.ts';

async function toy(line: string, options: MemoryIoOptions = {}) {
  const io = memoryIo(options);
  const closed: string[] = [];
  const program = toyProgram({ onClose: () => closed.push(io.stdout) });
  const argv = line === '' ? [] : line.split(' ');
  const exit = await runCli({ ...program, argv, io });
  return { exit, stdout: io.stdout, stderr: io.stderr, closed };
}

describe('an answer', () => {
  test('is text for people', async () => {
    expect(await toy('note add milk')).toEqual({
      exit: 0,
      stdout: 'added milk\n',
      stderr: '',
      closed: [''],
    });
  });

  test('is one compact JSON line in a pipe', async () => {
    const { stdout } = await toy('note list --json');
    expect(stdout).toMatch(/^\[\{.*\}\]\n$/);
    expect(JSON.parse(stdout)).toHaveLength(2);
  });

  test('is indented JSON without colour on a terminal', async () => {
    const { stdout } = await toy('note list --json --color', { tty: true });
    expect(stdout).toContain('[\n  {\n    "id": "007",\n');
    expect(stdout).not.toContain('\u001b');
  });

  test('is coloured on a terminal only, unless flags say otherwise', async () => {
    const isColoured = async (line: string, options: MemoryIoOptions = {}) =>
      (await toy(line, options)).stdout.includes('\u001b');
    expect(await isColoured('note add x')).toBe(false);
    expect(await isColoured('note add x --color')).toBe(true);
    expect(await isColoured('note add x', { tty: true })).toBe(true);
    expect(await isColoured('note add x --no-color', { tty: true })).toBe(false);
  });

  test('holds no escape sequences of its data without colour', async () => {
    const { stdout } = await toy('note add \u001b[31mred');
    expect(stdout).toBe('added red\n');
  });

  test('lets nothing of its data act on a terminal, with colour and as JSON too', async () => {
    const line = 'note add \u001b]52;c;eA==\u0007a\u009b2Jb\u202ec\b';
    const { stdout } = await toy(line, { tty: true });
    expect(stdout).toBe('added \u001b[1mabc \u001b[22m\n');
    const json = (await toy(`${line} --json`, { tty: true })).stdout;
    expect(json).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect(Object.values(JSON.parse(json)).join()).toContain('\u009b2Jb\u202ec');
  });

  test('may be a failure', async () => {
    expect(await toy('fail verdict')).toMatchObject({ exit: 4, stdout: 'failed\n' });
    const { exit, stdout } = await toy('fail verdict --json');
    expect([exit, stdout]).toEqual([4, '{"passed":false}\n']);
  });

  test('takes text from stdin', async () => {
    const { stdout } = await toy('note add x --body-file - --json', { stdin: 'a\r\nb' });
    expect(JSON.parse(stdout)).toMatchObject({ body: 'a\r\nb' });
  });

  test('is the same twice', async () => {
    expect(await toy('note list --json')).toEqual(await toy('note list --json'));
  });
});

describe('an error', () => {
  test('is text on stderr', async () => {
    expect(await toy('fail conflict')).toEqual({
      exit: 6,
      stdout: '',
      stderr: 'error: it went wrong\nhint: try another way\nwarning: something is odd\n',
      closed: [''],
    });
  });

  test('is one JSON document on stdout with --json', async () => {
    const { exit, stdout, stderr } = await toy('fail lock_timeout --json');
    expect(exit).toBe(75);
    expect(stdout).toBe(
      '{"error":{"code":"TOY","message":"it went wrong","hint":"try another way","retryable":true,"details":{"how":"lock_timeout"}}}\n',
    );
    expect(stderr).toBe('warning: something is odd\n');
  });

  test.each(['note add x --titel=1 --json', '--json zzz', 'note --json', '--jsn note add --json'])(
    'of usage is JSON too: %s',
    async (line) => {
      const { exit, stdout, stderr, closed } = await toy(line);
      expect(exit).toBe(2);
      expect(Object.keys(JSON.parse(stdout).error)).toEqual([
        'code',
        'message',
        'hint',
        'retryable',
        'details',
      ]);
      expect([stderr, closed]).toEqual(['', []]);
    },
  );

  test('that is a bug has exit 1 and its stack on stderr', async () => {
    const { exit, stdout, stderr } = await toy('fail bug');
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: x is not a function\nhint: This is a bug.*\nTypeError: .*\n +at/,
    );
    const inJson = await toy('fail bug --json');
    expect(JSON.parse(inJson.stdout)).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(inJson.stderr).toMatch(/^TypeError/);
  });

  test('of contradictory colour flags is refused', async () => {
    expect(await toy('note list --color --no-color')).toMatchObject({ exit: 2, stdout: '' });
  });

  test('while closing is told, unless the command failed before', async () => {
    const onClose = () => {
      throw new Error('cannot close');
    };
    const io = memoryIo();
    const exit = await runCli({ ...toyProgram({ onClose }), argv: ['note', 'list'], io });
    expect([exit, io.stdout]).toEqual([1, '']);
    const failing = memoryIo();
    const argv = ['fail', 'conflict'];
    expect(await runCli({ ...toyProgram({ onClose }), argv, io: failing })).toBe(6);
    expect(failing.stderr).not.toContain('cannot close');
  });
});

describe('a stream', () => {
  test('is a line per item', async () => {
    expect(await toy('feed --count 2')).toMatchObject({ exit: 0, stdout: 'line 1\nline 2\n' });
  });

  test('is a compact JSON document per item, also on a terminal', async () => {
    const { stdout } = await toy('feed --count 2 --json', { tty: true });
    expect(stdout).toBe('{"line":1,"ok":true}\n{"line":2,"ok":true}\n');
  });

  test('goes on after an item that is a failure, which decides the exit code', async () => {
    const { exit, stdout } = await toy('feed --fail-at 2');
    expect([exit, stdout]).toEqual([6, 'line 1\nline 2\nline 3\n']);
  });

  test('closes its context after its last line', async () => {
    expect((await toy('feed --count 1')).closed).toEqual(['line 1\n']);
  });

  test('ends quietly when nobody reads any more', async () => {
    const io = memoryIo();
    const lines: string[] = [];
    const out = async (text: string) => {
      if (lines.length === 2) throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
      lines.push(text);
    };
    const argv = ['feed', '--count', '1000000', '--json'];
    const exit = await runCli({ ...toyProgram(), argv, io: { ...io, out } });
    expect([exit, lines.length, io.stderr]).toEqual([0, 2, '']);
  });
});

describe('what is asked aside', () => {
  test.each(['--version', '--json=false --version', '--dir x --version'])('%s', async (line) => {
    expect(await toy(line)).toMatchObject({ exit: 0, stdout: '1.2.3\n', stderr: '', closed: [] });
  });

  test('is JSON with --json', async () => {
    expect((await toy('--version --json')).stdout).toBe('{"version":"1.2.3"}\n');
    expect(JSON.parse((await toy('note --help --json')).stdout).help).toContain('toy note add');
  });

  test('--version after a command is no flag of it', async () => {
    expect(await toy('note list --version')).toMatchObject({ exit: 2 });
  });

  test.each([
    ['', 'usage: toy <command> [flags]'],
    ['--help', 'usage: toy <command> [flags]'],
    ['-h', 'usage: toy <command> [flags]'],
    ['help', 'usage: toy <command> [flags]'],
    ['help note', 'usage: toy note <command> [flags]'],
    ['note -h', 'usage: toy note <command> [flags]'],
    ['help note add', 'usage: toy note add <title> [flags]'],
    ['note add x --nonsense --help', 'usage: toy note add <title> [flags]'],
    ['--dir note notes --json=false --help', 'usage: toy note list'],
    ['help exit-codes', '0 is fine'],
    ['exit-codes --help', '0 is fine'],
  ])('help wins over everything else: %s', async (line, start) => {
    const { exit, stdout, stderr, closed } = await toy(line);
    expect([exit, stderr, closed]).toEqual([0, '', []]);
    expect(stdout.split('\n')[0]).toBe(start);
  });

  test('the value of a global flag is no command', async () => {
    expect((await toy('--actor help note add x')).stdout).toBe('added x\n');
  });

  test('--help after -- is a word like any other', async () => {
    expect((await toy('note add -- --help')).stdout).toBe('added --help\n');
  });

  test('help of an unknown command is a usage error', async () => {
    expect(await toy('help note ad')).toMatchObject({
      exit: 2,
      stderr: "error: unknown command 'note ad'\nhint: did you mean 'toy note add'?\n",
    });
  });
});

test('the context gets typed globals', async () => {
  const io = memoryIo();
  const argv = ['note', 'list', '--lock-timeout', '2', '--actor=me'];
  await runCli({
    ...toyProgram(),
    globals: commonGlobals,
    argv,
    io,
    createContext(globals, given, { warn }) {
      expectTypeOf(globals.lockTimeout).toEqualTypeOf<number | undefined>();
      expectTypeOf(globals.json).toEqualTypeOf<boolean>();
      expect([globals.lockTimeout, globals.actor, given]).toEqual([2, 'me', io]);
      return { actor: globals.actor, io: given, warn, close: () => {} };
    },
  });
  expect(io.stderr).toBe('');
});

test('an output that cannot be written is an error on stderr', async () => {
  const io = memoryIo();
  const out = async () => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  for (const line of ['note list', 'note list --json']) {
    const exit = await runCli({ ...toyProgram(), argv: line.split(' '), io: { ...io, out } });
    expect(exit).toBe(10);
  }
  const message = 'error: cannot write to stdout: ENOSPC\n';
  expect(io.stderr).toBe(message.repeat(2));
});

test('an interrupted command is closed and reported', async () => {
  const { JitError } = await import('@jit/contract/errors');
  for (const argv of [
    ['wait', '--json'],
    ['feed', '--count=0', '--forever', '--json'],
  ]) {
    const io = memoryIo();
    const closed: string[] = [];
    let interrupt: (reason: Error) => void = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = reject;
    });
    const exit = await runCli({
      ...toyProgram({ onClose: () => closed.push('closed') }),
      argv,
      io,
      interrupted,
      onContext: () => interrupt(new JitError('interrupted', 'INTERRUPTED', 'interrupted')),
    });
    expect([exit, ...closed]).toEqual([130, 'closed']);
    expect(JSON.parse(io.stdout).error.code).toBe('INTERRUPTED');
  }
});
