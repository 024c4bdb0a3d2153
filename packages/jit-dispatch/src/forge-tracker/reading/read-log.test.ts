import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ForgeComment } from '../../forge/forge.ts';
import { type Marker, withMarker } from './marker.ts';
import { type IssueLog, liveClaim, readLog } from './read-log.ts';

const TTL = 100;
const trust = (author: string | null) => author === 'robot';
const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const time = (second: number) => Date.UTC(2026, 0, 1) + second * 1000;

function comment(id: number, second: number, marker: Marker, renewed = second): ForgeComment {
  return {
    id,
    author: 'robot',
    body: withMarker('x', marker),
    created_at: at(second),
    updated_at: at(renewed),
  };
}

function claim(agent: string, facts: Partial<Extract<Marker, { kind: 'claim' }>> = {}): Marker {
  return {
    kind: 'claim',
    agent,
    token: agent.repeat(64).slice(0, 64),
    attempt: 1,
    ttl_secs: TTL,
    by: 'd',
    resumes: null,
    renewed: 0,
    renews: null,
    ...facts,
  };
}

function release(id: number): Marker {
  return {
    kind: 'release',
    claim: id,
    how: 'released',
    reason: null,
    failed: null,
    defer_until: null,
    by: 'd',
  };
}

const holders = ({ claims }: IssueLog) => claims.map(({ agent, attempt }) => `${agent}${attempt}`);

test('of claims that were made while nobody held it, that with the lowest id holds', () => {
  const log = readLog(
    [comment(1, 0, claim('a')), comment(2, 0, claim('b')), comment(3, 9, claim('c'))],
    trust,
  );
  expect(holders(log)).toEqual(['a1']);
  expect(liveClaim(log, time(50))).toMatchObject({ agent: 'a', comment: 1 });
});

test('one that lost counts no more when the holder gives it back', () => {
  const log = readLog(
    [comment(1, 0, claim('a')), comment(2, 1, claim('b')), comment(3, 5, release(1))],
    trust,
  );
  expect(liveClaim(log, time(6))).toBeNull();
  const later = readLog([...log.entries, comment(4, 7, claim('c'))], trust);
  expect(holders(later)).toEqual(['a1', 'c2']);
});

test('a lease lasts a term from the last change of its comment, and is respected a little longer', () => {
  const log = readLog([comment(1, 0, claim('a'), 60)], trust);
  expect(liveClaim(log, time(160 + TTL / 4 - 1))).not.toBeNull();
  expect(liveClaim(log, time(160 + TTL / 4))).toBeNull();
  const next = (second: number) =>
    holders(readLog([...log.entries, comment(2, second, claim('b'))], trust));
  expect(next(184)).toEqual(['a1']);
  expect(next(185)).toEqual(['a1', 'b2']);
});

test('a renewal that comes after a lease is not respected any more changes nothing', () => {
  const renews = { until: at(100), ttl_secs: TTL };
  const read = (second: number) =>
    readLog(
      [
        comment(1, 0, claim('a', { renewed: 1, renews, ttl_secs: 900 }), second),
        comment(2, 125, claim('b')),
      ],
      trust,
    );
  expect(holders(read(124))).toEqual(['a1']);
  expect(holders(read(125))).toEqual(['a1', 'b2']);
  expect(read(125).claims[0]).toMatchObject({ until: time(100), ttl_secs: TTL });
});

test('who goes on after the end of the lease has the same attempt; not after somebody else came', () => {
  const first = comment(1, 0, claim('a'));
  const resumed = comment(2, 500, claim('a', { resumes: 1 }));
  expect(holders(readLog([first, resumed], trust))).toEqual(['a1', 'a1']);
  const other = comment(2, 400, claim('b'));
  expect(holders(readLog([first, other, { ...resumed, id: 3 }], trust))).toEqual(['a1', 'b2']);
  const forged = comment(2, 500, claim('b', { resumes: 1 }));
  expect(holders(readLog([first, forged], trust))).toEqual(['a1']);
});

test('attempts of claims whose comments are gone still count', () => {
  expect(holders(readLog([comment(9, 0, claim('a', { attempt: 4 }))], trust))).toEqual(['a4']);
});

test('whoever has no right to claim does not', () => {
  const strange = { ...comment(1, 0, claim('a')), author: 'eve' };
  const nobodys = { ...comment(2, 0, claim('b')), author: null };
  const log = readLog([strange, nobodys], trust);
  expect(log.claims).toEqual([]);
  expect(log.entries.map(({ marker }) => marker)).toEqual([null, null]);
});

interface Holder {
  readonly who: string;
  readonly id: number;
  readonly until: number;
}

const nobody = (): Holder | null => null;

/** A step of a random history: who does what, and how many seconds later. */
const Step = fc.record({
  who: fc.constantFrom('a', 'b', 'c'),
  does: fc.constantFrom('claim', 'release', 'renew', 'resume'),
  later: fc.integer({ min: 0, max: 60 }),
});

test('in 2,000 random histories nobody holds an issue while another holds it, and reading more changes no past', () => {
  let handed = 0;
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 30 }), (steps) => {
      let comments: ForgeComment[] = [];
      let second = 0;
      let holder = nobody();
      for (const { who, does, later } of steps) {
        second += later;
        const id = comments.length + 1;
        const isHeld: boolean = holder !== null && holder.until + TTL / 4 > second;
        if (does === 'claim') {
          comments = [
            ...comments,
            comment(id, second, claim(who, { token: `${id}`.padEnd(64, who) })),
          ];
          if (!isHeld) {
            holder = { who, id, until: second + TTL };
            handed += 1;
          }
        } else if (does === 'release' && holder !== null) {
          comments = [...comments, comment(id, second, release(holder.id))];
          holder = nobody();
        } else if (does === 'renew' && holder !== null && holder.until > second) {
          const renewed = holder.id;
          comments = comments.map((each) =>
            each.id === renewed ? { ...each, updated_at: at(second) } : each,
          );
          holder = { ...holder, until: second + TTL };
        } else if (does === 'resume' && holder !== null && holder.until <= second) {
          const token = `${holder.id}`.padEnd(64, holder.who);
          const first = readLog(comments, trust).claims.at(-1);
          comments = [
            ...comments,
            comment(
              id,
              second,
              claim(holder.who, { token: first?.token ?? token, resumes: holder.id }),
            ),
          ];
          holder = { ...holder, id, until: second + TTL };
        }
        const log = readLog(comments, trust);
        const expected: number | null =
          holder !== null && holder.until + TTL / 4 > second ? holder.id : null;
        expect(liveClaim(log, time(second))?.comment ?? null).toBe(expected);
      }
    }),
    { numRuns: 2000 },
  );
  console.log(
    `2,000 histories of claims in comments: ${handed} times an issue was given to somebody, never to two`,
  );
});
