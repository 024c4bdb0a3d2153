import { expect, test } from 'vitest';
import { judge } from './heartbeat.ts';

const answer = (exit: number, code: string) => JSON.stringify({ exit, error: { code } });
const twice = (line: string) => `${line}\n${line}\n`;

test('an issue that is gone is lost; a tracker that is away is asked again', () => {
  expect(judge(twice(answer(3, 'NOT_FOUND')), 1)).toBe('lost');
  expect(judge(twice(answer(3, 'DELETED')), 1)).toBe('lost');
  expect(judge(twice(answer(7, 'LOST_CLAIM')), 1)).toBe('lost');
  expect(judge(twice(answer(3, 'NOT_A_TRACKER')), 1)).toBe('failed');
  expect(judge('', 1)).toBe('failed');
});
