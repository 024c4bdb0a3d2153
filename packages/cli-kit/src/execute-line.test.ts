import { expect, test } from 'vitest';
import { toyProgram } from '../test/toy-program.ts';
import { memoryIo } from './io.ts';
import { executeLine } from './run.ts';

const { commands, globals } = toyProgram();
const actors: unknown[] = [];
const context = ({ actor }: { readonly actor?: unknown }) => {
  actors.push(actor);
  return { actor: undefined, io: memoryIo(), warn: () => {}, close: () => {} };
};
const execute = (line: string, stdin?: string) =>
  executeLine(commands, line.split(' '), context, {
    program: 'toy',
    globals,
    ...(stdin !== undefined && { input: memoryIo({ stdin }) }),
  });

test('a line gives its data and exit code', async () => {
  expect(await execute('fail verdict')).toEqual({ exit: 4, data: { passed: false } });
  expect(await execute('note list --json')).toMatchObject({ exit: 0, data: [{ id: '007' }, {}] });
});

test('the context is made for the global flags of the line', async () => {
  actors.length = 0;
  await execute('note list --actor me');
  expect(actors).toEqual(['me']);
});

test('an error is in the result', async () => {
  expect(await execute('fail conflict')).toMatchObject({ exit: 6, error: { code: 'TOY' } });
  expect(await execute('nonsense')).toMatchObject({ exit: 2, error: { kind: 'usage' } });
});

test('a bug is in the result, with its cause', async () => {
  const { exit, error } = await execute('fail bug');
  expect([exit, error?.kind, error?.code]).toEqual([1, 'bug', 'INTERNAL']);
  expect(error?.cause).toBeInstanceOf(TypeError);
});

test.each(['note list --help', 'feed'])('%s is refused', async (line) => {
  expect(await execute(line)).toMatchObject({ exit: 2, error: { kind: 'usage' } });
});

test('stdin is read only where it is lent', async () => {
  const line = 'note add x --body-file -';
  expect(await execute(line)).toMatchObject({ exit: 2 });
  expect(await execute(line, 'text')).toMatchObject({ exit: 0, data: { body: 'text' } });
});
