import { expect, test } from 'vitest';
import { lastLines } from './log-text.ts';

test('the last lines of a text', () => {
  expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc\n');
  expect(lastLines('a\nb\nc', 2)).toBe('b\nc');
  expect(lastLines('a\n', 5)).toBe('a\n');
  expect(lastLines('\na\n', 1)).toBe('a\n');
  expect(lastLines('\na\n', 2)).toBe('\na\n');
  expect(lastLines('\n\n', 1)).toBe('\n');
  expect(lastLines('', 3)).toBe('');
  expect(lastLines('a\nb\n', 0)).toBe('');
});
