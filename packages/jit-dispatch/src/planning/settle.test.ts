import { describe, expect, test } from 'vitest';
import {
  type CallResult,
  type EndedRun,
  type IssueView,
  nextSettleStep,
  type RunEnd,
  type SettleAnswer,
  type SettleStep,
} from './settle.ts';

interface Script {
  readonly end?: Partial<RunEnd>;
  readonly completion?: 'issue' | 'exit';
  /** What the tracker shows, one after the other; the last one is repeated. */
  readonly shows?: readonly (Partial<IssueView> | null)[];
  readonly calls?: Partial<
    Record<'finish' | 'resume' | 'release' | 'rest', CallResult['result'][]>
  >;
}

/** Plays a tracker against the decisions and writes down what was asked for. */
function settle({ end = {}, completion = 'issue', shows = [{}], calls = {} }: Script): string[] {
  const run: EndedRun = {
    attempt: 2,
    completion,
    end: { reason: 'exited', message: 'words', code: 0, signal: null, ...end },
    backoffSecs: 20,
  };
  const answers: SettleAnswer[] = [];
  const trace: string[] = [];
  const left = structuredClone(calls);
  let shown = 0;
  for (let round = 0; round < 10; round += 1) {
    const step = nextSettleStep(run, answers);
    trace.push(outline(step));
    if (step.do === 'end') return trace;
    if (step.do === 'show') {
      const view = shows[Math.min(shown++, shows.length - 1)];
      const issue = { state: 'in_progress', attempt: 2, isClaimed: true, ...view } as const;
      answers.push({ to: 'show', issue: view === null ? null : issue });
    } else {
      const result = left[step.do]?.shift() ?? 'ok';
      const ending = 'ending' in step ? { ending: step.ending } : {};
      answers.push({ to: step.do, result, message: 'said so', ...ending } as SettleAnswer);
    }
  }
  throw new Error(`no end: ${trace.join(', ')}`);
}

function outline(step: SettleStep): string {
  if (step.do === 'end') return `${step.ending.state}/${step.ending.reason}`;
  if (step.do === 'rest') return `rest ${step.deferSecs}`;
  if (step.do === 'release') return `release ${step.failed} ${step.deferSecs}`;
  return step.do;
}

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

test('whatever the tracker answers, settling comes to an end', () => {
  const reasons = ['exited', 'canceled', 'lost_claim', 'keeper_died'] as const;
  const results = ['ok', 'lost_claim', 'refused', 'missing'] as const;
  const states = ['ready', 'open', 'in_progress', 'gated', 'done', 'rejected'] as const;
  for (const reason of reasons)
    for (const completion of ['issue', 'exit'] as const)
      for (const state of states)
        for (const result of results) {
          const all = Array.from({ length: 9 }, () => result);
          const calls = { finish: all, resume: all, release: all, rest: all };
          expect(settle({ end: { reason }, completion, shows: [{ state }], calls })).toBeDefined();
        }
});

test('an issue that can never be shown ends its run with the words of the tracker', () => {
  const run: EndedRun = {
    attempt: 2,
    completion: 'issue',
    end: { reason: 'exited', message: '', code: 0, signal: null },
    backoffSecs: 20,
  };
  const answer = { to: 'show', issue: 'unreadable', code: 'BAD_FILE', message: 'said so' } as const;
  expect(nextSettleStep(run, [answer])).toEqual({
    do: 'end',
    ending: { state: 'lost', reason: 'BAD_FILE', detail: 'said so', failed: null },
  });
});
