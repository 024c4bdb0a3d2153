import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRecord, moment } from './issue-fixture.ts';
import { pauseBefore, SLOW_LOOK_MS } from './waiting.ts';

const end = moment(3600).uptime;
const at = (seconds: number, claims = [aRecord()], deferredUntil: string[] = []) =>
  pauseBefore({ now: moment(seconds), claims, deferredUntil, end });

describe('the next look of somebody who waits', () => {
  it('is when the next lease ends', () => {
    expect(at(58)).toBe(2000);
    expect(at(58.5, [aRecord(), aRecord({ ttl: 59 })])).toBe(500);
  });

  it('is when an issue may start that was deferred', () => {
    expect(at(58, [aRecord()], ['2026-01-01T00:00:59.250Z'])).toBe(1250);
  });

  it('is when the wait ends', () => {
    expect(at(3599, [])).toBe(1000);
  });

  it('is the slow one where nothing ends soon, or only what has no end', () => {
    expect(at(0)).toBe(SLOW_LOOK_MS);
    expect(at(0, [aRecord({ ttl: null })])).toBe(SLOW_LOOK_MS);
    expect(at(0, [], ['2027-01-01T00:00:00Z'])).toBe(SLOW_LOOK_MS);
  });

  it('is not hurried by what is over already', () => {
    expect(at(61, [aRecord()], ['2026-01-01T00:00:59Z'])).toBe(SLOW_LOOK_MS);
  });

  it('goes by wall time for a lease of another start of the machine', () => {
    const now = { ...moment(58, 'boot-2'), uptime: 5 };
    expect(pauseBefore({ now, claims: [aRecord()], deferredUntil: [], end: 3600 })).toBe(2000);
  });

  it('is never at once and never far, whatever ends when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true })),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (ttls, seconds) => {
          const pause = at(
            seconds,
            ttls.map((ttl) => aRecord({ ttl })),
          );
          expect(pause).toBeGreaterThanOrEqual(20);
          expect(pause).toBeLessThanOrEqual(SLOW_LOOK_MS);
        },
      ),
    );
  });
});
