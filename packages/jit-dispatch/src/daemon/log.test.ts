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

test('the level of what is no mere information comes before the facts', () => {
  let text = '';
  const now = () => new Date('2026-11-20T10:00:00.000Z');
  const log = createLog('text', { now, write: (line) => (text += line) });
  log({ ...entry, level: 'warn', event: 'failed', message: 'gone', reason: 'spawn_failed' });
  expect(text).toBe(
    '2026-11-20T10:00:00.000Z failed    warn issue=i1 agent=a reason=spawn_failed gone\n',
  );
});

test('a line of JSON is one line', () => {
  expect(lineOf('json')).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(lineOf('json'))).toEqual({ at: '2026-11-20T10:00:00.000Z', ...entry });
});
