import { expect, test } from 'vitest';
import { commandFor } from './define-command.ts';
import { executeLine } from './execute-line.ts';
import { commonGlobals } from './globals.ts';
import { type MemoryIo, memoryIo } from './io.ts';
import { runCli } from './run.ts';

const count = commandFor<object>()({
  path: 'count',
  summary: 'count to three',
  examples: [{ argv: 'count', does: 'counts' }],
  options: { follow: { type: 'boolean', describe: 'one by one' } },
  output: 'Number[]',
  stream: 'lines-if-iterable',
  redraws: true,
  run(_context, { follow }): readonly number[] | AsyncIterable<number> {
    return follow ? oneByOne() : [1, 2, 3];
  },
  render: (data) => `counted ${data}`,
});

async function* oneByOne() {
  yield* [1, 2, 3];
}

const commands = [{ path: 'count', summary: 'count to three', load: async () => count }];

async function run(...argv: string[]) {
  return runOn(memoryIo(), ...argv);
}

async function runOn(io: MemoryIo, ...argv: string[]) {
  const facts = { name: 'toy', version: '1', commands, globals: commonGlobals };
  const exit = await runCli({ ...facts, argv, io, createContext: () => ({}) });
  return [exit, io.stdout];
}

test('a command that streams by its arguments gives one document without them', async () => {
  expect(await run('count', '--json')).toEqual([0, '[1,2,3]\n']);
  expect(await run('count')).toEqual([0, 'counted 1,2,3\n']);
});

test('and one line per item with them', async () => {
  expect(await run('count', '--follow', '--json')).toEqual([0, '1\n2\n3\n']);
  expect(await run('count', '--follow')).toEqual([0, 'counted 1\ncounted 2\ncounted 3\n']);
});

test('one that redraws clears a terminal before each text; what is in the data clears nothing', async () => {
  const CLEAR = '\u001b[H\u001b[2J';
  const terminal = () => memoryIo({ tty: true });
  const texts = ['counted 1', 'counted 2', 'counted 3'];
  expect(await runOn(terminal(), 'count', '--follow', '--no-color')).toEqual([
    0,
    texts.map((text) => `${CLEAR}${text}\n`).join(''),
  ]);
  expect(await runOn(terminal(), 'count', '--follow', '--json')).toEqual([0, '1\n2\n3\n']);
  expect(await runOn(terminal(), 'count', '--no-color')).toEqual([0, 'counted 1,2,3\n']);
  const evil = { ...count, render: () => `a${CLEAR}b` };
  const io = terminal();
  const facts = { name: 'toy', version: '1', globals: commonGlobals };
  const argv = ['count', '--follow', '--no-color'];
  const all = [{ path: 'count', summary: 'count', load: async () => evil }];
  await runCli({ ...facts, commands: all, argv, io, createContext: () => ({}) });
  expect(io.stdout).toBe(`${CLEAR}ab\n`.repeat(3));
});

test('as a line of another command only its document is given', async () => {
  const options = { program: 'toy', globals: commonGlobals };
  const line = (argv: string[]) => executeLine(commands, argv, () => ({}), options);
  expect(await line(['count'])).toEqual({ exit: 0, data: [1, 2, 3] });
  expect(await line(['count', '--follow'])).toMatchObject({ exit: 2 });
});
