import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StallState, type StallTerms, stallStep, stallTerms, startOfStall } from './stall.ts';

const DEFAULTS = { startup_grace_secs: 300, warn_secs: 300, notify_secs: 600, stop_secs: 900 };

function termsOf(facts: Partial<typeof DEFAULTS> = {}): StallTerms {
  const terms = stallTerms({ ...DEFAULTS, ...facts });
  if (terms === null) throw new Error('no terms');
  return terms;
}

/** Looks every tick; gives the seconds at which each stage was reached, and the last state. */
function watch(
  terms: StallTerms,
  { secs, signs = [] }: { secs: number; signs?: readonly number[] },
) {
  const reached: [number, string][] = [];
  let state: StallState = startOfStall(terms, 0);
  for (let now = terms.tick; now <= secs * 1000; now += terms.tick) {
    const hasSign = signs.some((at) => at * 1000 > now - terms.tick && at * 1000 <= now);
    const next = stallStep(terms, state, { now, hasSign });
    if (next.stage !== state.stage) reached.push([now / 1000, next.stage]);
    state = next;
  }
  return { reached, state };
}

const LADDER = ['warned', 'notified', 'stopped'];

describe('silence', () => {
  test('without any sign of life climbs the ladder from the start', () => {
    const { reached } = watch(termsOf(), { secs: 1000 });
    expect(reached).toEqual([300, 600, 900].map((at, index) => [at, LADDER[index]]));
  });
  test('at the start is free as far as the grace is longer than the first limit', () => {
    const { reached } = watch(termsOf({ startup_grace_secs: 1000 }), { secs: 1700 });
    expect(reached).toEqual([1000, 1300, 1600].map((at, index) => [at, LADDER[index]]));
  });
  test('counts from the last sign of life, and life ends it', () => {
    const { reached } = watch(termsOf(), { secs: 1300, signs: [100, 390, 1000] });
    expect(reached).toEqual([
      [690, 'warned'],
      [990, 'notified'],
      [1000, 'none'],
      [1300, 'warned'],
    ]);
  });
  test('after the first sign has no grace of the start any more', () => {
    const { reached } = watch(termsOf({ startup_grace_secs: 5000 }), { secs: 300, signs: [1] });
    expect(reached).toEqual([]);
    expect(watch(termsOf({ startup_grace_secs: 5000 }), { secs: 320, signs: [1] }).reached).toEqual(
      [[301, 'warned']],
    );
  });
  test('passes over stages that are off', () => {
    const { reached } = watch(termsOf({ warn_secs: 0, notify_secs: 0 }), { secs: 1300 });
    expect(reached).toEqual([[1200, 'stopped']]);
    expect(stallTerms({ ...DEFAULTS, warn_secs: 0, notify_secs: 0, stop_secs: 0 })).toBeNull();
  });
});

describe('a machine that slept, a keeper that was stopped, a clock that jumped', () => {
  const at = (silent: number): StallState => ({ stage: 'notified', silent, tickedAt: 1_000_000 });
  test('gives the whole ladder anew, whatever the clock says', () => {
    for (const now of [1_000_000 + 3_600_000, 999_999, 0])
      expect(stallStep(termsOf(), at(899_000), { now, hasSign: false })).toEqual({
        stage: 'none',
        silent: 0,
        tickedAt: now,
      });
  });
  test('keeps what was free at the start', () => {
    const terms = termsOf({ startup_grace_secs: 1000 });
    const later = { now: 9_000_000, hasSign: false };
    expect(stallStep(terms, startOfStall(terms, 0), later)).toMatchObject({ silent: -700_000 });
  });
  test('counts a short gap as a few ticks', () => {
    const next = stallStep(termsOf(), at(700_000), { now: 1_009_000, hasSign: false });
    expect(next).toMatchObject({ stage: 'notified', silent: 703_000 });
  });
});

test('no agent is stopped with less awake silence than its limit, however late the looks come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -5_000, max: 20_000 }), fc.nat(9)), { maxLength: 400 }),
      (looks) => {
        const terms = termsOf({
          startup_grace_secs: 0,
          warn_secs: 5,
          notify_secs: 0,
          stop_secs: 20,
        });
        let state = startOfStall(terms, 0);
        let silent = 0;
        for (const [gap, chance] of looks) {
          const hasSign = chance === 0;
          // What surely was awake: never more than three ticks of a gap.
          silent = hasSign ? 0 : silent + Math.max(0, Math.min(gap, 3 * terms.tick));
          state = stallStep(terms, state, { now: state.tickedAt + gap, hasSign });
          if (state.stage === 'stopped') return silent >= terms.stopAfter;
        }
        return true;
      },
    ),
  );
});
