import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BreakerRules, type EndedAttempt, judgeAgent } from './breaker.ts';

const rules: BreakerRules = {
  failures: 3,
  windowSecs: 100,
  pauseSecs: 10,
  maxPauseSecs: 40,
  resetSecs: 200,
};
const time = (secs: number): string => new Date(secs * 1000).toISOString();
const ran = (from: number, to: number, failed: EndedAttempt['failed'] = 'agent'): EndedAttempt => ({
  state: failed === null ? 'completed' : 'failed',
  failed,
  created_at: time(from),
  ended_at: time(to),
});
const at = (runs: EndedAttempt[], now: number): string => {
  const health = judgeAgent(runs, rules, now * 1000);
  return health.is === 'resting' ? `rests until ${health.until / 1000}` : health.is;
};
const opened = [ran(1000, 1001), ran(1002, 1003), ran(1004, 1005)];

describe('an agent', () => {
  test('is well without runs, and with fewer failures than the limit', () => {
    expect(at([], 1000)).toBe('well');
    expect(at(opened.slice(0, 2), 1006)).toBe('well');
  });
  test('rests after so many failures of one class, then is tried', () => {
    expect(at(opened, 1005)).toBe('rests until 1015');
    expect(at(opened, 1014.9)).toBe('rests until 1015');
    expect(at(opened, 1015)).toBe('trying');
    expect(at(opened, 9999)).toBe('trying');
  });
  test('does not rest for failures of several classes, or too far apart', () => {
    const mixed = [ran(0, 1), ran(2, 3, 'no_progress'), ran(4, 5, 'environment'), ran(6, 7)];
    expect(at(mixed, 8)).toBe('well');
    expect(at([ran(0, 1), ran(2, 3), ran(101, 102)], 103)).toBe('well');
  });
  test.each(['rate_limit', 'tracker', 'gate'] as const)('does not rest for %s', (failed) => {
    expect(
      at(
        [1, 2, 3, 4].map((from) => ran(from, from, failed)),
        5,
      ),
    ).toBe('well');
  });
  test('rests twice as long after each try that fails, up to the limit', () => {
    const runs = [...opened];
    const ends: string[] = [at(runs, 1005)];
    let now = 1015;
    for (let round = 0; round < 3; round += 1) {
      runs.push(ran(now, now));
      ends.push(at(runs, now));
      now += 100;
    }
    expect(ends).toEqual([
      'rests until 1015',
      'rests until 1035',
      'rests until 1155',
      'rests until 1255',
    ]);
  });
  test('is well after a try that succeeds, and its failures are forgotten', () => {
    const runs = [...opened, ran(1016, 1017, null)];
    expect(at(runs, 1018)).toBe('well');
    expect(at([...runs, ran(1018, 1019), ran(1020, 1021)], 1022)).toBe('well');
  });
  test('rests longer again, unless it did well for long', () => {
    const well = [...opened, ran(1016, 1017, null)];
    const soon = [1020, 1021, 1022].map((from) => ran(from, from));
    expect(at([...well, ...soon], 1022)).toBe('rests until 1042');
    const later = [1300, 1301, 1302].map((from) => ran(from, from));
    expect(at([...well, ...later], 1302)).toBe('rests until 1312');
  });
  test('is not judged by runs that were begun before the rest and ended in it', () => {
    expect(at([...opened, ran(1004, 1007), ran(1004, 1008, null)], 1009)).toBe('rests until 1015');
  });
  test('is tried on when the try says nothing', () => {
    expect(at([...opened, ran(1016, 1017, 'rate_limit')], 1018)).toBe('trying');
  });
});

describe('a clock that is put back', () => {
  test('ends a rest, and the try counts', () => {
    expect(at(opened, 5)).toBe('trying');
    expect(at([...opened, ran(5, 6, null)], 7)).toBe('well');
    expect(at([...opened, ran(5, 6)], 7)).toBe('rests until 26');
  });
  test('to before a run was begun makes no time negative', () => {
    expect(at([ran(1000, 5), ran(6, 7), ran(8, 9)], 9)).toMatch(/^rests until/);
  });
});

type Outcome = 'agent' | 'no_progress' | 'gate' | 'success';

/** The same with counters, told of one end after the other: simple, and lost with its process. */
class Counting {
  private recent: { failed: string; at: number }[] = [];
  private level = 0;
  private wellSince: number | null = null;
  until = 0;
  isOpen = false;
  ended(outcome: Outcome, now: number): void {
    const isFailure = outcome === 'agent' || outcome === 'no_progress';
    if (this.isOpen) {
      if (isFailure) this.open(now);
      if (outcome === 'success') {
        this.isOpen = false;
        this.recent = [];
        this.wellSince = now;
      }
      return;
    }
    if (this.wellSince !== null && now - this.wellSince >= rules.resetSecs) this.level = 0;
    if (outcome === 'success') this.wellSince ??= now;
    if (!isFailure) return;
    this.wellSince = null;
    this.recent.push({ failed: outcome, at: now });
    const alike = this.recent.filter(
      (each) => each.failed === outcome && each.at > now - rules.windowSecs,
    );
    if (alike.length >= rules.failures) this.open(now);
  }
  private open(now: number): void {
    this.isOpen = true;
    this.recent = [];
    this.wellSince = null;
    this.until = now + Math.min(rules.pauseSecs * 2 ** this.level, rules.maxPauseSecs);
    this.level += 1;
  }
}

test('judged anew from its runs each time, an agent is as one that is counted along', () => {
  const run = fc.record({
    wait: fc.oneof({ weight: 9, arbitrary: fc.nat(10) }, { weight: 1, arbitrary: fc.nat(300) }),
    takes: fc.nat(20),
    outcome: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Outcome>('agent') },
      { weight: 4, arbitrary: fc.constantFrom<Outcome>('no_progress', 'gate', 'success') },
    ),
  });
  let judged = 0;
  let rested = 0;
  fc.assert(
    fc.property(fc.array(run, { maxLength: 40 }), (sequence) => {
      const model = new Counting();
      const runs: EndedAttempt[] = [];
      let now = 1000;
      for (const { wait, takes, outcome } of sequence) {
        now += wait;
        if (model.isOpen && now < model.until) now = model.until;
        const begun = now;
        now += takes;
        model.ended(outcome, now);
        runs.push(ran(begun, now, outcome === 'success' ? null : outcome));
        const resting = model.isOpen && now < model.until;
        const expected = resting ? `rests until ${model.until}` : model.isOpen ? 'trying' : 'well';
        expect(at(runs, now)).toBe(expected);
        judged += 1;
        if (resting) rested += 1;
      }
    }),
    { numRuns: 300 },
  );
  expect(rested).toBeGreaterThan(100);
  console.log(`${judged} ends of runs judged, ${rested} of them into a rest: as counted along`);
});

test('whatever the clock did, nobody rests longer than the limit', () => {
  const run = fc.record({
    from: fc.integer({ min: 0, max: 5000 }),
    to: fc.integer({ min: 0, max: 5000 }),
    failed: fc.constantFrom('agent' as const, 'environment' as const, null),
  });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 40 }), fc.integer({ min: 0, max: 5000 }), (all, now) => {
      const runs = all.map(({ from, to, failed }) => ran(from, to, failed));
      const health = judgeAgent(runs, rules, now * 1000);
      if (health.is === 'resting')
        expect(health.until - now * 1000).toBeLessThanOrEqual(rules.maxPauseSecs * 1000);
    }),
  );
});
