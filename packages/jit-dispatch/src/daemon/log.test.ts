import { expect, test } from 'vitest';
import { createLog, type LogEntry } from './log.ts';

const entry: LogEntry = {
  level: 'info',
  event: 'start',
  message: 'Fix \u001b[31mred\nparser',
  issue: 'i1',
  agent: 'a',
};
function lineOf(format: 'text' | 'json'): string {
  let text = '';
  const now = () => new Date('2026-11-20T10:00:00.000Z');
  createLog(format, { now, write: (line) => (text += line) })(entry);
  return text;
}

test('a line of text is one line and cannot play with the terminal', () => {
  expect(lineOf('text')).toBe(
    '2026-11-20T10:00:00.000Z start     issue=i1 agent=a Fix  [31mred parser\n',
  );
});

test('a line of JSON is one line', () => {
  expect(lineOf('json')).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(lineOf('json'))).toEqual({ at: '2026-11-20T10:00:00.000Z', ...entry });
});
