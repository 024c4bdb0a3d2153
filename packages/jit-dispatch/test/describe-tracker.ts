import { describe, expect, test } from 'vitest';
import type { Tracker } from '../src/tracker/tracker.ts';

const TOKEN = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);

/** A tracker with one issue called `One` that can be claimed. */
export interface OpenTracker {
  readonly tracker: Tracker;
  readonly issue: string;
}

/** What dispatchers rely on, whatever stands behind the port. */
export function describeTracker(name: string, open: () => Promise<OpenTracker>): void {
  describe(name, () => {
    test('lists, claims, refuses, renews, gives back and finishes in the same words', async () => {
      const { tracker, issue } = await open();
      const claim = { do: 'claim', issue, agent: 'a', ttlSecs: 600, maxHeld: 1 } as const;
      expect(await tracker.ready()).toMatchObject([{ id: issue, title: 'One', state: 'ready' }]);
      const answers = await tracker.call([
        { ...claim, token: TOKEN },
        { ...claim, token: OTHER },
        { do: 'heartbeat', issue, token: TOKEN },
        { do: 'heartbeat', issue, token: OTHER },
        { do: 'assigned', agent: 'a' },
        { do: 'show', issue: 'no-such-issue' },
      ]);
      expect(answers).toMatchObject([
        { is: 'ok', issues: [{ id: issue, attempt: 1, state: 'in_progress' }] },
        { is: 'refused', exit: 6, code: 'ALREADY_CLAIMED' },
        { is: 'ok' },
        { is: 'refused', exit: 7, code: 'LOST_CLAIM' },
        { is: 'ok', issues: [{ id: issue, isClaimed: true }] },
        { is: 'refused', exit: 3, code: 'NOT_FOUND' },
      ]);
      expect(await tracker.ready()).toEqual([]);
      const release = { do: 'release', issue, reason: 'x', failed: 'agent', deferSecs: 0 } as const;
      expect(await tracker.call([{ ...release, token: TOKEN }])).toMatchObject([{ is: 'ok' }]);
      expect(
        await tracker.call([
          { ...claim, token: OTHER },
          { do: 'finish', issue, token: OTHER },
        ]),
      ).toMatchObject([{ is: 'ok', issues: [{ attempt: 2 }] }, { is: 'ok' }]);
      expect(await tracker.call([{ do: 'show', issue }])).toMatchObject([
        { is: 'ok', issues: [{ state: 'done', attempt: 2 }] },
      ]);
    });

    test('makes a claim once, however often the same call is repeated', async () => {
      const { tracker, issue } = await open();
      const claim = {
        do: 'claim',
        issue,
        agent: 'a',
        ttlSecs: 600,
        maxHeld: 1,
        token: TOKEN,
      } as const;
      const granted = { is: 'ok', issues: [{ attempt: 1, assignee: 'a' }] };
      expect(await tracker.call([claim, claim])).toMatchObject([granted, granted]);
      expect(await tracker.call([{ do: 'finish', issue, token: OTHER }])).toMatchObject([
        { is: 'refused', exit: 7 },
      ]);
      const released = {
        do: 'release',
        issue,
        token: TOKEN,
        reason: 'x',
        failed: null,
        deferSecs: null,
      } as const;
      expect(await tracker.call([released, released, claim])).toMatchObject([
        { is: 'ok' },
        { is: 'ok' },
        { is: 'refused', exit: 7, code: 'LOST_CLAIM' },
      ]);
    });

    test('notes what happened, and marks an issue for people once', async () => {
      const { tracker, issue } = await open();
      const claim = {
        do: 'claim',
        issue,
        agent: 'a',
        ttlSecs: 600,
        maxHeld: 1,
        token: TOKEN,
      } as const;
      await tracker.call([
        claim,
        { do: 'release', issue, token: TOKEN, reason: 'no luck', failed: 'agent', deferSecs: null },
      ]);
      const escalate = [
        { do: 'escalate', issue, state: 'ready' },
        { do: 'comment', issue, text: 'please look' },
      ] as const;
      expect(await tracker.callTogether(escalate)).toMatchObject([{ is: 'ok' }, { is: 'ok' }]);
      expect(await tracker.callTogether(escalate)).toMatchObject([
        { is: 'refused', code: 'CONDITION_NOT_MET' },
        { is: 'refused' },
      ]);
      const [log, comments] = await tracker.call([
        { do: 'history', issue },
        { do: 'comments', issue },
      ]);
      expect(log).toMatchObject({
        events: expect.arrayContaining([
          expect.objectContaining({
            type: 'claim_released',
            failed: 'agent',
            reason: 'no luck',
            assignee: 'a',
            attempt: 1,
          }),
        ]),
      });
      expect(comments).toMatchObject({ events: [{ text: 'please look' }] });
      expect(
        await tracker.call([
          { do: 'admit', issue },
          { do: 'explain', issue },
        ]),
      ).toMatchObject([{ is: 'ok' }, { is: 'ok' }]);
      expect(await tracker.ready({ withTexts: true })).toMatchObject([
        { id: issue, labels: expect.not.arrayContaining(['dispatch:escalated']) },
      ]);
    });
  });
}
