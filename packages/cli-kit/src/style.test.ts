import { expect, test } from 'vitest';
import { createStyle } from './style.ts';
import { displayWidth, truncate } from './table.ts';

const pipe = await createStyle({ colour: false, columns: 80, isTty: false });
const terminal = (columns: number, colour = false) => createStyle({ colour, columns, isTty: true });

const rows = [
  ['a1', 'open', 'Buy milk'],
  ['b22', 'done', '牛乳を買う, and then some more of it'],
  ['c', 'open', 'Party 👩‍👩‍👧 with cake'],
];

test('without colour nothing is changed', () => {
  expect(pipe.red('x') + pipe.bold('y')).toBe('xy');
});

test('with colour escapes are added, whatever the process is', async () => {
  expect((await terminal(80, true)).green('x')).toBe('\u001b[32mx\u001b[39m');
});

test('piped tables are tab-separated, without a header, one line per row', async () => {
  const table = await pipe.table(
    [
      ['a', 'b\tc'],
      ['d\r\ne', ''],
    ],
    ['ONE', 'TWO'],
  );
  expect(table).toBe('a\tb c\nd e\t');
});

test.each([40, 80, 200])('a table fits %d columns', async (columns) => {
  const lines = (await (await terminal(columns)).table(rows, ['ID', 'STATE', 'TITLE'])).split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
});

test('a narrow table is cut and still aligned', async () => {
  expect(
    `\n${await (await terminal(26)).table(rows, ['ID', 'STATE', 'TITLE'])}`,
  ).toMatchInlineSnapshot(`
    "
    ID   STATE  TITLE
    a1   open   Buy milk
    b22  done   牛乳を買う, a…
    c    open   Party 👩‍👩‍👧 with…"
  `);
});

test('an empty table is empty', async () => {
  expect(await (await terminal(80)).table([])).toBe('');
});

test('cutting keeps the escapes, so that colour ends', async () => {
  const red = (await terminal(80, true)).red('abcdefgh');
  expect(truncate(red, 4)).toBe('\u001b[31mabc…\u001b[39m');
});

test('cutting never splits a wide character', () => {
  expect(truncate('牛乳を買う', 4)).toBe('牛…');
  expect(truncate('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  expect(truncate('abc', 3)).toBe('abc');
});
