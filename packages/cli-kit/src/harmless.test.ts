/* biome-ignore-all lint/suspicious/noControlCharactersInRegex: these are what must not get out */
import { expect, test } from 'vitest';
import { harmless, harmlessJson } from './harmless.ts';
import { createStyle } from './style.ts';

const CLIPBOARD = '\u001b]52;c;cm0gLXJm\u0007';
const HOSTILE = [
  CLIPBOARD,
  '\u001b]0;title\u001b\\',
  '\u001b[2J\u001b[1;1H',
  '\u009b2J',
  '\u009d0;x\u009c',
  '\u001bc',
  '\u001b[8m',
  '\u001b]0;without end',
  '\u0007\b\r\u007f\u0000',
  '\u202egnp.exe\u2066',
];
const COLOURS = /\u001b\[(?:1|2|22|3[1236]|39)m/g;
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each(HOSTILE)('%j does nothing to a terminal, with and without colour', async (sequence) => {
  const style = await createStyle({ colour: true, columns: 80, isTty: true });
  const dressed = `${style.red('a')}${sequence}${style.bold('b')}\tc\nd`;
  const text = harmless(dressed, true);
  expect(text.replace(COLOURS, '')).not.toMatch(ACTIVE);
  expect(text).toContain(style.red('a'));
  expect(text).toContain(style.bold('b'));
  expect(text).toMatch(/\tc\nd$/);
  expect(harmless(dressed, false)).not.toMatch(ACTIVE);
  expect(await style.table([['x', sequence]])).not.toMatch(/[\u0007\u009b\u202e]|\u001b[^[]/);
});

test.each(HOSTILE)('%j stands in JSON with the same value and nothing to act on', (sequence) => {
  const text = harmlessJson({ title: sequence });
  expect(text).not.toMatch(ACTIVE);
  expect(JSON.parse(text)).toEqual({ title: sequence });
});

test('ordinary text, also in other scripts, is left as it is', () => {
  for (const text of ['a\tb\nc', '牛乳 👩‍👩‍👧', 'שלום\u200f', 'é\u0301'])
    expect(harmless(text, true)).toBe(text);
});

test('beginnings of sequences without end cost no more than their length', () => {
  const text = `${'\u001b]'.repeat(200_000)}${'\u009d'.repeat(200_000)}`;
  expect(harmless(text, false)).not.toMatch(ACTIVE);
});
