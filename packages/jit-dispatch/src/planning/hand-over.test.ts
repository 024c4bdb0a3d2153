import { describe, expect, test } from 'vitest';
import { play, settle } from '../../test/play-settle.ts';
import { NO_HISTORY, readHistory } from './history.ts';

const parts = ['p1', 'p2'];
const shows = [{ dependencies: 2 }];

describe('an agent that ends well while its issue waits for others', () => {
  test('has handed parts over: no failure, no rest, and its claim ends', () => {
    expect(settle({ parts, shows })).toEqual([
      'show',
      'parts',
      'release null null',
      'completed/handed_over',
    ]);
    expect(play({ parts, shows }).steps.at(-1)).toMatchObject({
      ending: { detail: 'it waits for p1, p2; exit code 0', failed: null },
    });
  });
  test('has handed them over with completion = "exit", too', () => {
    const calls = { finish: ['refused' as const] };
    expect(settle({ completion: 'exit', parts, shows, calls })).toEqual([
      'finish',
      'show',
      'parts',
      'release null null',
      'completed/handed_over',
    ]);
  });
  test('made no progress if all of them are finished', () => {
    expect(settle({ shows })).toEqual([
      'show',
      'parts',
      'release no_progress 20',
      'failed/no_progress',
    ]);
  });
  test('is asked nothing if it failed', () => {
    expect(settle({ parts, shows, end: { code: 3 } })).toEqual([
      'show',
      'release agent 20',
      'failed/exit_code',
    ]);
  });
  test('gave the issue back itself, or its lease ended', () => {
    const open = { state: 'open', isClaimed: false, dependencies: 2, waitsFor: parts } as const;
    for (const isGivenBack of [true, false])
      expect(settle({ shows: [{ ...open, isGivenBack }] })).toEqual([
        'show',
        'completed/handed_over',
      ]);
  });
  test('is not forgotten by a crash, also if the parts are finished by now', () => {
    const released = { isClaimed: false, isGivenBack: true, isReleasedHere: true } as const;
    const states = [
      { state: 'open', waitsFor: parts },
      { state: 'ready', waitsFor: [] },
    ] as const;
    for (const each of states)
      expect(settle({ shows: [{ ...released, isHandedOver: true, ...each }] })).toEqual([
        'show',
        'completed/handed_over',
      ]);
  });
  test('names many parts, and counts the others', () => {
    const many = Array.from({ length: 103 }, (_, index) => `p${index}`);
    const { steps } = play({ parts: many, shows });
    expect(JSON.stringify(steps.at(-1))).toContain('p99 and 3 more; exit code 0');
  });
});

describe('the log of an issue', () => {
  const end = {
    type: 'claim_released',
    at: '2026-11-20T10:00:00.000Z',
    actor: 'jit-dispatch:test',
    assignee: 'boss',
    failed: null,
    labels: null,
  } as const;
  const handedOver = (attempt: number, actor: string = end.actor) => {
    return { ...end, actor, attempt, reason: 'handed_over: it waits for p1 (run r1)' };
  };
  test('has hand-overs that are no attempts, and only those of dispatchers', () => {
    const events = [handedOver(1), handedOver(2), handedOver(3, 'somebody')];
    expect(readHistory(events, 3)).toEqual({ ...NO_HISTORY, attempts: 1, handOvers: 2 });
  });
});
