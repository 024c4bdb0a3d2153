import { expect, test } from 'vitest';
import { judge } from './heartbeat.ts';

const answer = (exit: number, code: string) => JSON.stringify({ exit, error: { code } });
const thrice = (line: string) => `${line}\n`.repeat(3);

test('an issue that is gone is lost; a tracker that is away is asked again', () => {
  expect(judge(thrice(answer(3, 'NOT_FOUND')), 1).answer).toBe('lost');
  expect(judge(thrice(answer(3, 'DELETED')), 1).answer).toBe('lost');
  expect(judge(thrice(answer(7, 'LOST_CLAIM')), 1).answer).toBe('lost');
  expect(judge(thrice(answer(3, 'NOT_A_TRACKER')), 1).answer).toBe('failed');
  expect(judge('', 1).answer).toBe('failed');
});

test('a renewal tells how the issue was before it, and until when the lease is now', () => {
  const show = JSON.stringify({ exit: 0, result: { updated_at: 'before' } });
  const renewal = JSON.stringify({ exit: 0, result: [{ id: 'i1', expires_at: 'later' }] });
  const after = show.replace('before', 'after');
  expect(judge(`${show}\n${renewal}\n${after}\n`, 1)).toEqual({
    answer: 'renewed',
    before: { updated_at: 'before' },
    after: { updated_at: 'after' },
    expiresAt: 'later',
  });
});
