import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readyIssue, someCandidate, someSnapshot } from '../../test/samples.ts';
import { examine } from './examine.ts';
import { planCycle, type Snapshot } from './plan-cycle.ts';

const agent = (id: string, capacity: number, tags: string[] = []) =>
  someCandidate({ id, capacity, tags });

test('an issue is examined where its turn is: place, starts before it, every agent, every obstacle', () => {
  const snapshot = someSnapshot({
    ready: [
      readyIssue('1', { priority: 'high' }),
      readyIssue('2', { labels: ['rust', 'area:db', 'dispatch:held'] }),
    ],
    agents: [agent('a', 1), agent('b', 2, ['rust'])],
    noRoom: 'disk full',
    claims: new Map([['a', ['x']]]),
    workLimits: [{ label: 'area:db', state: null, max: 0 }],
  });
  expect(examine(snapshot, '2')).toMatchObject({
    decision: { action: 'wait', reason: 'held' },
    place: 2,
    startsBefore: 0,
    waits: [{ reason: 'held' }, { reason: 'no_room_on_machine' }, { reason: 'label_limit' }],
    record: {
      agents: [
        { agent: 'b', standing: 'free', tags: ['rust'] },
        { agent: 'a', standing: 'full', detail: 'a 1/1', tags: [] },
      ],
    },
  });
  expect(examine(snapshot, '3')).toBeNull();
});

test('what is examined is what is decided, for every issue of any plan', () => {
  let examined = 0;
  const issue = fc.record({
    priority: fc.constantFrom('critical', 'high', 'normal', 'low'),
    labels: fc.subarray(['dispatch:held', 'dispatch:escalated', 'db']),
    assignee: fc.constantFrom(null, 'a', 'b', 'ana'),
    repository: fc.constantFrom('x', 'y'),
  });
  fc.assert(
    fc.property(
      fc.array(issue, { maxLength: 12 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      (issues, capacity, maxConcurrent) => {
        const snapshot: Snapshot = someSnapshot({
          ready: issues.map((facts, at) => readyIssue(`i${at}`, facts as object)),
          agents: [agent('a', capacity), agent('b', 1)],
          maxConcurrent,
          workLimits: [{ label: 'db', state: null, max: 1 }],
        });
        const decisions = planCycle(snapshot);
        decisions.forEach((decision, at) => {
          const seen = examine(snapshot, decision.issue.key);
          expect(seen?.decision).toEqual(decision);
          expect(seen?.place).toBe(at + 1);
          if (decision.action === 'wait') expect(seen?.waits[0]?.reason).toBe(decision.reason);
          examined += 1;
        });
      },
    ),
  );
  console.log(`${examined} decisions of random plans: each is explained as it is decided`);
});
