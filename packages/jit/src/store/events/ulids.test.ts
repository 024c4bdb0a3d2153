import { describe, expect, it } from 'vitest';
import { nextUlid, ulidAt, ulidTime } from './ulids.ts';

describe('event ids', () => {
  it('sort in the order in which they were drawn, within a millisecond and when the clock goes back', () => {
    const times = [5000, 5000, 5000, 4000, 4999, 5001, 1, 5001];
    const ids: string[] = [];
    for (const ms of times) ids.push(nextUlid(ms, ids.at(-1) ?? ''));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
  });

  it('carry their time', () => {
    expect(ulidTime(ulidAt(1_790_000_000_123, new Uint8Array(10)))).toBe(1_790_000_000_123);
  });

  it('that are derived are the same for the same seed', () => {
    const seed = new Uint8Array(32).fill(7);
    expect(ulidAt(42, seed)).toBe(ulidAt(42, seed));
    expect(ulidAt(42, seed) < ulidAt(43, new Uint8Array(10))).toBe(true);
  });
});
