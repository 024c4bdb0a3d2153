import { describe, expect, test } from 'vitest';
import { endedRun, play, settle } from '../../test/play-settle.ts';
import { nextSettleStep } from './settle.ts';

describe('completion = "issue"', () => {
  test('an agent that finished its issue is completed, whatever its exit code', () => {
    for (const code of [0, 1])
      expect(settle({ end: { code }, shows: [{ state: 'done', isClaimed: false }] })).toEqual([
        'show',
        'completed/issue_done',
      ]);
  });
  test('exit 0 without a finished issue is a failure of its own class', () => {
    expect(settle({})).toEqual(['show', 'release no_progress 20', 'failed/no_progress']);
  });
  test('another exit code is a failure of the agent', () => {
    expect(settle({ end: { code: 3 } })).toEqual(['show', 'release agent 20', 'failed/exit_code']);
    expect(settle({ end: { code: null, signal: 'SIGSEGV' } }).at(-1)).toBe('failed/killed');
  });
  test('an issue that waits for its gates is completed, and its slot is freed', () => {
    expect(settle({ shows: [{ state: 'gated' }] })).toEqual([
      'show',
      'release null null',
      'completed/issue_gated',
    ]);
    expect(settle({ shows: [{ state: 'gated', isClaimed: false }] })).toEqual([
      'show',
      'completed/issue_gated',
    ]);
  });
  test('a later attempt belongs to somebody else', () => {
    expect(settle({ shows: [{ attempt: 3 }] })).toEqual(['show', 'lost/taken_over']);
  });
  test('a lease that ended is resumed to say why the run failed', () => {
    const shows = [{ state: 'ready', isClaimed: false }] as const;
    expect(settle({ end: { code: 3 }, shows })).toEqual([
      'show',
      'resume',
      'release agent 20',
      'failed/exit_code',
    ]);
  });
  test('an issue that the agent gave back rests before anybody tries again', () => {
    const shows = [{ state: 'ready', isClaimed: false }] as const;
    expect(settle({ shows, calls: { resume: ['lost_claim'] } })).toEqual([
      'show',
      'resume',
      'show',
      'rest 20',
      'failed/claim_ended',
    ]);
  });
  test('an issue that was deleted ends the run', () => {
    expect(settle({ shows: [null] })).toEqual(['show', 'lost/issue_missing']);
  });
});

describe('completion = "exit"', () => {
  const completion = 'exit';
  test('exit 0 finishes the issue', () => {
    expect(settle({ completion })).toEqual(['finish', 'completed/exit_0']);
  });
  test('another exit code fails', () => {
    expect(settle({ completion, end: { code: 1 } })).toEqual([
      'show',
      'release agent 20',
      'failed/exit_code',
    ]);
  });
  test('gates that are open make it a completed run', () => {
    const calls = { finish: ['refused' as const] };
    expect(settle({ completion, calls, shows: [{ state: 'gated' }] })).toEqual([
      'finish',
      'show',
      'release null null',
      'completed/issue_gated',
    ]);
  });
  test('an issue that may not be finished goes back', () => {
    const calls = { finish: ['refused' as const] };
    expect(settle({ completion, calls })).toEqual([
      'finish',
      'show',
      'release gate 20',
      'failed/not_finished',
    ]);
  });
  test('a lease that ended is resumed, and the issue finished', () => {
    const calls = { finish: ['lost_claim' as const] };
    expect(settle({ completion, calls })).toEqual([
      'finish',
      'resume',
      'finish',
      'completed/exit_0',
    ]);
  });
  test('an issue that somebody else took is lost', () => {
    const calls = { finish: ['lost_claim' as const], resume: ['lost_claim' as const] };
    expect(settle({ completion, calls, shows: [{ attempt: 3 }] })).toEqual([
      'finish',
      'resume',
      'show',
      'lost/taken_over',
    ]);
  });
});

describe('other ends', () => {
  test.each([
    ['spawn_failed', 'release environment 20', 'failed/spawn_failed'],
    ['timed_out', 'release agent 20', 'timed_out/time_limit'],
    ['lease_not_renewed', 'release tracker 20', 'lost/lease_not_renewed'],
    ['keeper_died', 'release environment 20', 'lost/keeper_died'],
    ['keeper_failed', 'release environment 20', 'lost/keeper_failed'],
    ['never_started', 'release environment 20', 'lost/never_started'],
  ] as const)('%s', (reason, release, ending) => {
    for (const completion of ['issue', 'exit'] as const)
      expect(settle({ completion, end: { reason, code: null } })).toEqual([
        'show',
        release,
        ending,
      ]);
  });
  test('our own stop is no failure of the agent', () => {
    expect(settle({ end: { reason: 'canceled', code: null, signal: 'SIGTERM' } })).toEqual([
      'show',
      'release null null',
      'canceled/stopped',
    ]);
  });
  test('an agent that finished before it was stopped is completed', () => {
    for (const reason of ['canceled', 'timed_out', 'lost_claim', 'keeper_died'] as const)
      expect(settle({ end: { reason, code: null }, shows: [{ state: 'done' }] }).at(-1)).toBe(
        'completed/issue_done',
      );
  });
  test('a lost claim is not released for the one who took it', () => {
    expect(settle({ end: { reason: 'lost_claim', code: null }, shows: [{ attempt: 3 }] })).toEqual([
      'show',
      'lost/taken_over',
    ]);
  });
  test('a release that comes after the lease resumes it once', () => {
    const calls = { release: ['lost_claim' as const, 'lost_claim' as const] };
    expect(settle({ end: { code: 1 }, calls })).toEqual([
      'show',
      'release agent 20',
      'resume',
      'release agent 20',
      'failed/exit_code',
    ]);
  });
});

describe('an agent that gives its issue back as failed', () => {
  const back = { state: 'open', isClaimed: false, releasedAs: 'environment' } as const;
  test('is believed: its class, and its rest where it named one', () => {
    expect(settle({ shows: [{ ...back, isDeferred: true }] })).toEqual([
      'show',
      'failed/released_failed',
    ]);
    expect(settle({ shows: [back] })).toEqual(['show', 'rest 20', 'failed/released_failed']);
    const { steps } = play({ shows: [back] });
    expect(steps.at(-1)).toMatchObject({ ending: { failed: 'environment' } });
  });
  test('for want of patience leaves the issue to others at once', () => {
    expect(settle({ shows: [{ ...back, releasedAs: 'rate_limit' }] })).toEqual([
      'show',
      'failed/released_failed',
    ]);
  });
  test('is not the one if a dispatcher that crashed had released it', () => {
    const here = { ...back, releasedAs: 'agent', isReleasedHere: true } as const;
    expect(settle({ end: { code: 3 }, shows: [here] })).toEqual(['show', 'failed/exit_code']);
  });
});

test('an agent whose account has to wait gives the issue back at once, without a rest', () => {
  expect(settle({ end: { code: 75 } })).toEqual([
    'show',
    'release rate_limit null',
    'failed/rate_limit',
  ]);
});

test('an issue that can never be shown ends its run with the words of the tracker', () => {
  const answer = { to: 'show', issue: 'unreadable', code: 'BAD_FILE', message: 'said so' } as const;
  expect(nextSettleStep(endedRun({}), [answer])).toEqual({
    do: 'end',
    ending: { state: 'lost', reason: 'BAD_FILE', detail: 'said so', failed: null },
  });
});
