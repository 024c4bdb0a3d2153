import { describe, expect, test } from 'vitest';
import { type Expected, expectedAt } from './complete.ts';
import { type CommandIndexEntry, commandFor } from './define-command.ts';
import { commonGlobals } from './globals.ts';

const define = commandFor<null>();
const make = define({
  path: 'thing make',
  summary: 'make a thing',
  examples: [],
  positionals: [
    { name: 'kind', choices: ['big', 'small'], describe: 'a kind' },
    { name: 'id', variadic: true, describe: 'ids' },
  ],
  options: {
    state: { type: 'list', split: ',', choices: ['on', 'off'], describe: 'states' },
    label: { type: 'list', alias: 'l', describe: 'a label' },
    loud: { type: 'boolean', describe: 'louder' },
  },
  output: 'Thing',
  run: () => null,
  render: () => '',
});
const entry = (path: string, hidden = false): CommandIndexEntry<null> => ({
  path,
  summary: `does ${path}`,
  hidden,
  aliases: path === 'thing list' ? ['things'] : [],
  load: async () => ({ ...make, path }),
});
const ENTRIES = [entry('thing make'), entry('thing list'), entry('where'), entry('__x', true)];

async function at(line: string): Promise<Expected & { values: string[] }> {
  const words = line.split(' ');
  const expected = await expectedAt(ENTRIES, words.slice(0, -1), words.at(-1) ?? '', commonGlobals);
  return { ...expected, values: expected.candidates.map(({ value }) => value) };
}

describe('what can be typed next', () => {
  test('are commands and groups, never hidden ones', async () => {
    expect((await at('')).candidates).toEqual([
      { value: 'thing', describe: '' },
      { value: 'things', describe: 'does thing list' },
      { value: 'where', describe: 'does where' },
    ]);
    expect((await at('--dir x thing ')).values).toEqual(['make', 'list']);
    expect((await at('nothing ')).values).toEqual([]);
  });

  test('are choices, also after = and after a comma', async () => {
    expect((await at('thing make ')).values).toEqual(['big', 'small']);
    expect((await at('thing make --state ')).values).toEqual(['on', 'off']);
    expect(await at('thing make --state=on,o')).toMatchObject({
      values: ['on', 'off'],
      before: '--state=on,',
      typed: 'o',
    });
    expect((await at('thing make --loud=')).values).toEqual(['true', 'false']);
  });

  test('are flags that were not given yet, and values only the program knows', async () => {
    const flags = (await at('thing make --loud --label x --')).values;
    expect(flags).toContain('--label');
    expect(flags).toContain('--dir');
    expect(flags).not.toContain('--loud');
    expect(flags).not.toContain('-l');
    const label = { command: 'thing make', name: 'label' };
    expect(await at('thing make -l ep')).toMatchObject({ value: label, typed: 'ep' });
    expect(await at('thing make big a b')).toMatchObject({ value: { name: 'id' } });
    expect(await at('thing make -- -x --y')).toMatchObject({ value: { name: 'id' }, values: [] });
    expect([...(await at('--dir here thing make -l a ')).given]).toEqual([
      ['dir', 'here'],
      ['label', 'a'],
    ]);
  });
});
