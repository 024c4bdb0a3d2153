import { describe, expect, test } from 'vitest';
import { classify, type Traces } from './classify.ts';
import type { RunEnd } from './settle.ts';

const TRACES: Traces = { output: '', rateLimitExit: [75], rateLimitPattern: null, verdict: null };

function outline(end: Partial<RunEnd>, traces: Partial<Traces> = {}): string {
  const whole: RunEnd = { reason: 'exited', message: 'words', code: null, signal: null, ...end };
  const { failed, state, reason } = classify(whole, { ...TRACES, ...traces });
  return `${failed} ${state}/${reason}`;
}

describe('an agent that ended by itself', () => {
  test.each([
    [0, 'no_progress failed/no_progress'],
    [1, 'agent failed/exit_code'],
    [75, 'rate_limit failed/rate_limit'],
    [255, 'agent failed/exit_code'],
  ])('with exit code %i: %s', (code, expected) => {
    expect(outline({ code })).toBe(expected);
  });
  test.each([
    ['SIGTERM', 'environment failed/killed_from_outside'],
    ['SIGINT', 'environment failed/killed_from_outside'],
    ['SIGHUP', 'environment failed/killed_from_outside'],
    ['SIGKILL', 'agent failed/killed'],
    ['SIGSEGV', 'agent failed/killed'],
    ['SIGPIPE', 'agent failed/killed'],
  ])('by %s: %s', (signal, expected) => {
    expect(outline({ signal })).toBe(expected);
  });
});

describe('patience is asked for', () => {
  test('by the configured exit codes and no others', () => {
    expect(outline({ code: 9 }, { rateLimitExit: [9] })).toMatch(/^rate_limit/);
    expect(outline({ code: 75 }, { rateLimitExit: [] })).toMatch(/^agent/);
  });
  test('by the output of an agent that failed, not of one that exits with 0 or was killed', () => {
    const traces = { output: 'HTTP 429 Too Many Requests' };
    expect(outline({ code: 1 }, traces)).toMatch(/^rate_limit/);
    expect(outline({ code: 0 }, traces)).toMatch(/^no_progress/);
    expect(outline({ signal: 'SIGKILL' }, traces)).toMatch(/^agent/);
    expect(outline({ reason: 'timed_out' }, traces)).toMatch(/^agent/);
  });
  test('by the configured pattern', () => {
    const traces = { output: 'Bitte warten', rateLimitPattern: /bitte warten/i };
    expect(outline({ code: 1 }, traces)).toMatch(/^rate_limit/);
  });
});

test.each([
  ['spawn_failed', 'environment failed/spawn_failed'],
  ['timed_out', 'agent timed_out/time_limit'],
  ['stalled', 'agent stalled/stalled'],
  ['lost_claim', 'null lost/lost_claim'],
  ['lease_not_renewed', 'tracker lost/lease_not_renewed'],
  ['canceled', 'null canceled/stopped'],
  ['keeper_failed', 'environment lost/keeper_failed'],
  ['keeper_died', 'environment lost/keeper_died'],
  ['never_started', 'environment lost/never_started'],
] as const)('%s: %s', (reason, expected) => {
  for (const signal of [null, 'SIGTERM', 'SIGKILL'])
    expect(outline({ reason, signal })).toBe(expected);
});

describe('work elsewhere', () => {
  const told = (is: 'done' | 'failed' | 'not_now' | 'taken_back', end: Partial<RunEnd> = {}) =>
    outline(
      { code: 1, ...end },
      {
        verdict: { is, failed: is === 'failed' ? 'environment' : null, reason: 'why', detail: '' },
      },
    );
  test('ends as its verdict says', () => {
    expect(told('failed')).toBe('environment failed/why');
    expect(told('not_now')).toBe('rate_limit failed/rate_limit');
    expect(told('taken_back')).toBe('null canceled/taken_back');
  });
  test('a person who took it back is heard while the run is being stopped, all else is not', () => {
    expect(told('taken_back', { reason: 'canceled' })).toBe('null canceled/taken_back');
    expect(told('failed', { reason: 'canceled' })).toBe('null canceled/stopped');
    expect(told('taken_back', { reason: 'lost_claim' })).toBe('null lost/lost_claim');
  });
  test('that is done and left its issue unfinished made no progress', () => {
    expect(told('done', { code: 0 })).toBe('no_progress failed/no_progress');
  });
});
