import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTimes, cutInOrder, type ExactTime, normaliseTime, parseTime } from './times.ts';

describe('normaliseTime', () => {
  it.each([
    ['2026-01-16T07:21:09.280348123Z', '2026-01-16T07:21:09.280Z'],
    ['2026-01-16T07:21:09.280348+00:00', '2026-01-16T07:21:09.280Z'],
    ['2026-01-16T02:21:09.28-05:00', '2026-01-16T07:21:09.280Z'],
    ['2026-01-16T12:51:09+0530', '2026-01-16T07:21:09.000Z'],
    ['2026-01-16 07:21:09', '2026-01-16T07:21:09.000Z'],
    ['2026-01-16T07:21Z', '2026-01-16T07:21:00.000Z'],
    ['2026-01-16', '2026-01-16T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(normaliseTime(text)).toBe(expected);
  });

  it.each(['', 'soon', '0001-01-01T00:00:00Z', '2026-13-40T00:00:00Z', null, undefined, 12])(
    'takes %j for no time',
    (text) => {
      expect(normaliseTime(text)).toBeNull();
    },
  );
});

const exact = (text: string): ExactTime => parseTime(text) ?? { ms: 0, below: '' };

describe('cutInOrder', () => {
  it('puts what differs below a millisecond one millisecond apart, and names it', () => {
    const { times, moved } = cutInOrder([
      { key: 'second', time: exact('2026-01-16T07:21:09.280900Z') },
      { key: 'first', time: exact('2026-01-16T07:21:09.2801Z') },
      { key: 'same', time: exact('2026-01-16T08:21:09.2801+01:00') },
    ]);
    expect(Object.fromEntries(times)).toEqual({
      first: '2026-01-16T07:21:09.280Z',
      same: '2026-01-16T07:21:09.280Z',
      second: '2026-01-16T07:21:09.281Z',
    });
    expect(moved).toEqual(['second']);
  });

  it('keeps every order and every equality', () => {
    const time = fc.record({
      ms: fc.integer({ min: 0, max: 5 }),
      below: fc.constantFrom('', '1', '12', '9', '999999'),
    });
    fc.assert(
      fc.property(fc.array(time, { maxLength: 12 }), (list) => {
        const { times } = cutInOrder(
          list.map((value, index) => ({ key: `${index}`, time: value })),
        );
        for (const [i, a] of list.entries()) {
          for (const [j, b] of list.entries()) {
            const order = Date.parse(times.get(`${i}`) ?? '') - Date.parse(times.get(`${j}`) ?? '');
            expect(Math.sign(order)).toBe(Math.sign(compareTimes(a, b)));
          }
        }
      }),
    );
  });
});
