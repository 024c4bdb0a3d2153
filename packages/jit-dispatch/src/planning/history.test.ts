import { ESCALATED_LABEL } from '@jit/contract/vocabulary';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HistoryEvent, readHistory } from './history.ts';

const event = (facts: Partial<HistoryEvent>): HistoryEvent => ({
  type: 'claim_released',
  at: '2026-11-20T10:00:00.000Z',
  actor: 'jit-dispatch:test',
  attempt: 1,
  assignee: 'a',
  reason: 'exit code 1',
  failed: null,
  labels: null,
  ...facts,
});
const failed = (attempt: number, word: HistoryEvent['failed'], assignee = 'a') =>
  event({ attempt, failed: word, assignee });
const label = (from: string[], to: string[]) =>
  event({ type: 'issue_updated', attempt: null, assignee: null, labels: { from, to } });
const put = label([], [ESCALATED_LABEL]);
const taken = label([ESCALATED_LABEL, 'x'], ['x']);

const outline = (events: HistoryEvent[], attempt: number) => {
  const { failures, attempts, waitsInRow } = readHistory(events, attempt);
  return { failures: failures.map((each) => `${each.agent} ${each.failed}`), attempts, waitsInRow };
};

describe('the history of an issue', () => {
  test('that was never tried is empty', () => {
    expect(outline([], 0)).toEqual({ failures: [], attempts: 0, waitsInRow: 0 });
  });
  test('has its failures with their agents, in order', () => {
    const events = [failed(1, 'agent'), failed(2, 'no_progress', 'b'), failed(3, 'gate')];
    expect(outline(events, 3)).toEqual({
      failures: ['a agent', 'b no_progress', 'a gate'],
      attempts: 3,
      waitsInRow: 0,
    });
  });
  test('does not count waits for a provider and a tracker that was away', () => {
    const events = [failed(1, 'agent'), failed(2, 'rate_limit'), failed(3, 'tracker')];
    expect(outline(events, 3)).toEqual({ failures: ['a agent'], attempts: 1, waitsInRow: 1 });
  });
  test('counts waits in a row, and a failure in between begins anew', () => {
    const waits = [1, 2].map((attempt) => failed(attempt, 'rate_limit'));
    expect(outline(waits, 2).waitsInRow).toBe(2);
    const more = [...waits, failed(3, 'agent'), failed(4, 'rate_limit'), failed(5, 'tracker')];
    expect(outline(more, 5).waitsInRow).toBe(1);
  });
  test('does not count what a stopped dispatcher gave back, but what an agent gave back', () => {
    expect(outline([event({})], 1).attempts).toBe(0);
    expect(outline([event({ actor: 'a' })], 1)).toMatchObject({ attempts: 1, failures: [] });
  });
  test('counts a lease that lapsed as one failure, once, also if it was settled later', () => {
    const lapsed = event({ type: 'claim_expired' });
    expect(outline([lapsed], 1).failures).toEqual(['a environment']);
    expect(outline([lapsed, failed(1, 'agent')], 1).failures).toEqual(['a agent']);
    expect(outline([lapsed, failed(2, 'agent')], 2).failures).toEqual(['a environment', 'a agent']);
  });
  test('begins anew when a person takes the label off, and not when it is put on', () => {
    const before = [failed(1, 'agent'), failed(2, 'agent'), put];
    expect(outline(before, 2)).toMatchObject({ attempts: 2 });
    expect(outline([...before, taken], 2)).toEqual({ failures: [], attempts: 0, waitsInRow: 0 });
    expect(outline([...before, taken, failed(3, 'gate', 'b')], 3)).toEqual({
      failures: ['b gate'],
      attempts: 1,
      waitsInRow: 0,
    });
  });
  test('knows only the last time, and other labels clear nothing', () => {
    const events = [failed(1, 'agent'), put, taken, failed(2, 'agent'), put, taken];
    expect(outline([...events, failed(3, 'agent'), label(['x'], [])], 3).failures).toEqual([
      'a agent',
    ]);
  });
});

test('no history counts more attempts than there were claims, nor more failures than attempts', () => {
  const classes = ['agent', 'no_progress', 'rate_limit', 'tracker', 'gate', 'environment', null];
  const step = fc.oneof(
    fc.constantFrom(...classes).map((word) => ({ is: 'end', word }) as const),
    fc.constantFrom({ is: 'put' }, { is: 'taken' }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let attempt = 0;
      const events = steps.map((each) => {
        if (!('word' in each)) return each.is === 'put' ? put : taken;
        attempt += 1;
        return failed(attempt, each.word as HistoryEvent['failed']);
      });
      const { failures, attempts } = readHistory(events, attempt);
      expect(attempts).toBeLessThanOrEqual(attempt);
      expect(failures).toHaveLength(attempts);
    }),
  );
});
