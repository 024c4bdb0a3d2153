import { expect, test } from 'vitest';
import { commandFor } from './define-command.ts';
import { executeLine } from './execute-line.ts';
import { commonGlobals } from './globals.ts';
import { memoryIo } from './io.ts';
import { runCli } from './run.ts';

const count = commandFor<object>()({
  path: 'count',
  summary: 'count to three',
  examples: [{ argv: 'count', does: 'counts' }],
  options: { follow: { type: 'boolean', describe: 'one by one' } },
  output: 'Number[]',
  stream: 'lines-if-iterable',
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
  const io = memoryIo();
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

test('as a line of another command only its document is given', async () => {
  const options = { program: 'toy', globals: commonGlobals };
  const line = (argv: string[]) => executeLine(commands, argv, () => ({}), options);
  expect(await line(['count'])).toEqual({ exit: 0, data: [1, 2, 3] });
  expect(await line(['count', '--follow'])).toMatchObject({ exit: 2 });
});
