import { EXIT_CODES } from '@jit/contract/errors';
import { expect, test } from 'vitest';
import { EXIT_CODE_TOPIC } from './exit-code-topic.ts';

test('every exit code has one line with what it means', () => {
  const lines = EXIT_CODE_TOPIC.split('\n');
  expect(lines.map((line) => Number.parseInt(line, 10))).toEqual([
    ...new Set([0, ...Object.values(EXIT_CODES)]),
  ]);
  for (const line of lines) expect(line).toMatch(/^ +\d+ {2}\S/);
});
