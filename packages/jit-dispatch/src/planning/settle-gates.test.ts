import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outline, play, type Script, settle } from '../../test/play-settle.ts';
import { HANDED_OVER } from './hand-over.ts';
import type { CallResult, IssueView, RunEnd } from './settle.ts';

describe('exit gates that a checker decides', () => {
  const gated = { state: 'gated', openChecks: ['tests'] } as const;
  const ended = (code: number | null, reason: RunEnd['reason'] = 'exited') => ({
    end: { reason, message: 'said so', code, signal: code === null ? 'SIGKILL' : null },
  });

  test('are run, under a fresh lease, when the agent reported its issue done', () => {
    for (const end of [{}, { code: 1 }, { reason: 'keeper_died', code: null }] as const)
      expect(settle({ end, shows: [gated] })).toEqual(['show', 'resume', 'gates']);
  });
  test('are run when exit 0 was answered with gated', () => {
    const calls = { finish: ['refused' as const] };
    expect(settle({ completion: 'exit', calls, shows: [gated] })).toEqual([
      'finish',
      'show',
      'resume',
      'gates',
    ]);
  });
  test('are left to people where the configuration says so, and where only people decide', () => {
    const calls = { finish: ['refused' as const] };
    for (const script of [
      { shows: [gated], gates: { areRun: false } },
      { shows: [{ state: 'gated' } as const] },
    ])
      expect(settle({ completion: 'exit', calls, ...script }).slice(2)).toEqual([
        'release null null',
        'completed/issue_gated',
      ]);
  });
  test('make the issue done by themselves, never by a word of the dispatcher', () => {
    for (const completion of ['issue', 'exit'] as const)
      expect(
        settle({ completion, gates: ended(0), shows: [{ state: 'done', isClaimed: false }] }),
      ).toEqual(['show', 'completed/issue_done']);
  });
  test('that are passed leave the rest to people, and no failure', () => {
    expect(settle({ gates: ended(0), shows: [{ state: 'gated' }] })).toEqual([
      'show',
      'release null null',
      'completed/issue_gated',
    ]);
  });
  test("whose issue a person took back meanwhile ask nobody, and are nobody's failure", () => {
    const taken = { ...gated, isClaimed: false, isGivenBack: true };
    expect(settle({ gates: ended(6), shows: [taken] })).toEqual(['show', 'lost/taken_back']);
    // Its own release, before a crash, is no word of a person.
    expect(settle({ gates: ended(6), shows: [{ ...taken, isReleasedHere: true }] })).not.toContain(
      'lost/taken_back',
    );
  });
  test('that failed give the issue back, by name, also when the lease has ended', () => {
    const failed = { failedGates: ['lint', 'tests'], openChecks: ['lint', 'tests'] };
    const { steps } = play({ completion: 'exit', gates: ended(4), shows: [failed] });
    expect(steps.map(outline)).toEqual(['show', 'release gate 20', 'failed/gates_failed']);
    expect(steps.at(-1)).toMatchObject({ ending: { detail: 'exit gates failed: lint, tests' } });
    const free = { ...failed, state: 'ready', isClaimed: false } as const;
    expect(settle({ gates: ended(4), shows: [free] })).toEqual([
      'show',
      'resume',
      'release gate 20',
      'failed/gates_failed',
    ]);
    expect(settle({ gates: ended(4), shows: [free], calls: { resume: ['lost_claim'] } })).toEqual([
      'show',
      'resume',
      'show',
      'rest 20',
      'failed/gates_failed',
    ]);
  });
  test.each([
    ['keeper_died', null],
    ['keeper_failed', null],
    ['never_started', null],
    ['spawn_failed', null],
    ['lease_not_renewed', null],
    ['lost_claim', null],
    ['exited', null],
    ['exited', 10],
    ['exited', 75],
    ['exited', 1],
    ['exited', 0],
  ] as const)('are run again after %s (%s), three times, then people look', (reason, code) => {
    const gates = ended(code, reason);
    for (const count of [1, 2])
      expect(settle({ gates: { ...gates, count }, shows: [gated] })).toEqual([
        'show',
        'resume',
        'gates',
      ]);
    expect(settle({ gates: { ...gates, count: 3 }, shows: [gated] })).toEqual([
      'show',
      'escalate gates_not_run',
      'release environment null',
      'failed/gates_not_run',
    ]);
  });
  test('that were stopped with the dispatcher are run again, however often', () => {
    const gates = { ...ended(null, 'canceled'), count: 0 };
    expect(settle({ gates, shows: [gated] })).toEqual(['show', 'resume', 'gates']);
  });
  test.each([
    [5, 'exited', 'gates_not_trusted', 'environment'],
    [null, 'timed_out', 'gates_timed_out', 'gate'],
  ] as const)('that end with %s (%s) are for people at once', (code, reason, word, failed) => {
    expect(settle({ gates: ended(code, reason), shows: [gated] })).toEqual([
      'show',
      `escalate ${word}`,
      `release ${failed} null`,
      `failed/${word}`,
    ]);
  });
  test('that keep looking at something else are for people in the end', () => {
    expect(settle({ gates: { ...ended(6), count: 3 }, shows: [gated] })[1]).toBe(
      'escalate gates_stale',
    );
  });
  test('of a claim that can not be resumed are for people', () => {
    const shows = [{ ...gated, isClaimed: false }];
    expect(settle({ shows, calls: { resume: ['lost_claim'] } })).toEqual([
      'show',
      'resume',
      'show',
      'escalate gates_not_run',
      'failed/gates_not_run',
    ]);
  });
  test('are not waited for once somebody rejected the issue, or took it', () => {
    expect(settle({ gates: ended(4), shows: [{ state: 'rejected' }] }).at(-1)).toBe(
      'completed/issue_rejected',
    );
    expect(settle({ gates: ended(7), shows: [{ attempt: 3 }] }).at(-1)).toBe('lost/taken_over');
  });
});

test('whatever happens, settling ends, and no issue with open gates is called done', () => {
  const result = fc.constantFrom('ok', 'lost_claim', 'refused', 'missing');
  const results = fc.array(result as fc.Arbitrary<CallResult['result']>, { maxLength: 4 });
  const end = fc.record({
    reason: fc.constantFrom<RunEnd['reason']>(
      'exited',
      'canceled',
      'lost_claim',
      'timed_out',
      'keeper_died',
      'spawn_failed',
    ),
    message: fc.constant('words'),
    code: fc.constantFrom(null, 0, 0, 0, 1, 4, 5, 6, 10, 75),
    signal: fc.constantFrom(null, 'SIGTERM', 'SIGKILL'),
  });
  const view = fc.record({
    state: fc.constantFrom('ready', 'open', 'in_progress', 'gated', 'done', 'rejected'),
    attempt: fc.constantFrom(2, 2, 2, 3),
    isClaimed: fc.boolean(),
    isDeferred: fc.boolean(),
    openChecks: fc.constantFrom([], ['tests']),
    failedGates: fc.constantFrom([], ['tests']),
    releasedAs: fc.constantFrom(null, 'agent', 'rate_limit'),
    isGivenBack: fc.boolean(),
    isReleasedHere: fc.boolean(),
    isHandedOver: fc.boolean(),
    dependencies: fc.constantFrom(0, 1),
    waitsFor: fc.constantFrom([], ['part']),
  }) as fc.Arbitrary<IssueView>;
  const script = fc.record({
    end,
    completion: fc.constantFrom('issue', 'exit'),
    gates: fc.record({
      areRun: fc.boolean(),
      count: fc.integer({ min: 0, max: 4 }),
      end: fc.option(end, { freq: 1 }),
    }),
    shows: fc.array(fc.option(view, { freq: 9 }), { minLength: 1, maxLength: 3 }),
    parts: fc.constantFrom([], ['part']),
    calls: fc.record({ finish: results, resume: results, release: results, rest: results }),
  }) as fc.Arbitrary<Script>;
  let count = 0;
  let handedOver = 0;
  fc.assert(
    fc.property(script, (each) => {
      const { steps, answers } = play(each);
      count += steps.length;
      if (each.gates?.end) expect(steps.map((step) => step.do)).not.toContain('finish');
      const last = steps.at(-1);
      if (last?.do !== 'end' || last.ending.state !== 'completed') return;
      const shown = answers.findLast((answer) => answer.to === 'show')?.issue;
      const finished = answers.some((answer) => answer.to === 'finish' && answer.result === 'ok');
      if (finished) return;
      if (typeof shown !== 'object' || shown === null) throw new Error('completed unseen');
      if (last.ending.reason === HANDED_OVER) {
        expect([each.end?.reason, each.end?.code, each.gates?.end]).toEqual(['exited', 0, null]);
        expect(['in_progress', 'open', 'ready']).toContain(shown.state);
        handedOver += 1;
        return;
      }
      expect(['gated', 'done', 'rejected']).toContain(shown.state);
      const isLeftToPeople = shown.openChecks.length === 0 || each.gates?.areRun === false;
      if (shown.state === 'gated') expect(isLeftToPeople).toBe(true);
    }),
    { numRuns: 2000 },
  );
  console.log(
    `2000 runs settled in ${count} steps: ${handedOver} handed over, none completed with an open gate`,
  );
});
