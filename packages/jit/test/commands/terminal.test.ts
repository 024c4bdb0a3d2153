import { runBundle } from '@jit/testkit/processes';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it } from 'vitest';

/** Every way of printing that loads something of its own. */
const CALLS = [
  ['query', 'ready'],
  ['issue', 'list'],
  ['status'],
  ['gate', 'list'],
  ['events', 'tail'],
  ['validate'],
  ['--help'],
  ['issue', 'create', '--help'],
  ['help', 'exit-codes'],
  ['schema', 'query', 'ready'],
];

describe('the program as users start it', () => {
  it.each(CALLS.map((argv) => [argv.join(' '), argv] as const))(
    'prints %s on a terminal and in a pipe',
    async (_, argv) => {
      const cwd = tempFolder();
      await runBundle('jit', ['init'], { cwd });
      await runBundle('jit', ['issue', 'create', 'one', '--gate', 'g', '--define'], { cwd });
      for (const env of [{ JIT_FORCE_TTY: '80' }, { JIT_FORCE_TTY: '80', NO_COLOR: '1' }, {}]) {
        const ended = await runBundle('jit', argv, { cwd, env: env as Record<string, string> });
        expect(ended, ended.stderr).toMatchObject({ exit: 0, stderr: '' });
      }
    },
  );

  it.each([
    [['isue'], 2, "did you mean 'jit issue'?"],
    [['query', 'redy'], 2, "did you mean 'jit query ready'?"],
    [['query', 'state', 'doen'], 2, 'done'],
    [['gate', 'add', 'abcd', 'x'], 3, 'there is no issue'],
  ])('answers %j with exit %i and a way on', async (argv, exit, words) => {
    const cwd = tempFolder();
    await runBundle('jit', ['init'], { cwd });
    const ended = await runBundle('jit', argv, {
      cwd,
      env: { JIT_FORCE_TTY: '80', NO_COLOR: '1' },
    });
    expect(ended.exit).toBe(exit);
    expect(ended.stderr).toContain(words);
  });
});
