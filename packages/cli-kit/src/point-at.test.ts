import { describe, expect, it } from 'vitest';
import { pointAt } from './point-at.ts';

describe('pointing at a place', () => {
  it.each([
    ['plain text', 'abc def', 4, 5, 4],
    ['an emoji of two code units and two columns', '🥛 x', 3, 3, 3],
    ['an emoji of several code points', '👩‍👩‍👧 x', '👩‍👩‍👧 '.length, 3, 3],
    ['a letter with a combining accent', 'e\u0301x', 2, 2, 1],
    ['wide characters', '牛乳x', 2, 3, 4],
    ['a tab and a line break', 'a\tb\nc', 4, 5, 4],
    ['the end', 'ab', 2, 3, 2],
  ])('counts characters people see: %s', async (_, text, offset, position, column) => {
    const pointed = await pointAt(text, offset);
    expect(pointed.position).toBe(position);
    expect(pointed.lines[1]).toBe(`${' '.repeat(column)}^`);
    expect(pointed.lines[0]).not.toMatch(/[\t\n]/);
  });
});
