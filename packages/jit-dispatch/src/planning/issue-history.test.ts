import { expect, test } from 'vitest';
import { historyOf, type LoggedEvent } from './issue-history.ts';

const event = (second: number, facts: Partial<LoggedEvent>): LoggedEvent => ({
  type: 'claimed',
  at: `2026-11-20T10:00:0${second}.000Z`,
  actor: 'jit-dispatch:other',
  attempt: 1,
  assignee: 'a',
  reason: null,
  failed: null,
  labels: null,
  metadata: null,
  deferred: null,
  ...facts,
});

test('what the tracker and the ledger know stands in one order, and is counted', () => {
  const label = (from: string[], to: string[]) => ({ type: 'issue_updated', labels: { from, to } });
  const { entries, counts } = historyOf(
    [
      event(0, {}),
      event(2, { type: 'claim_released', failed: 'agent', reason: 'exit_code' }),
      event(3, label([], ['dispatch:escalated'])),
      event(4, label(['dispatch:escalated'], [])),
      event(5, label(['x'], ['x', 'dispatch:held'])),
      event(6, label(['x', 'dispatch:held'], ['x'])),
      event(7, { type: 'comment_added' }),
    ],
    [
      {
        run: 'r1',
        agent: 'b',
        attempt: 2,
        state: 'canceled',
        reason: 'reassigned',
        detail: 'given to a',
        failed: null,
        created_at: '2026-11-20T10:00:01.000Z',
        ended_at: '2026-11-20T10:00:08.000Z',
      },
    ],
    {
      pulls: [
        {
          run: 'r1',
          state: 'linked',
          url: 'https://forge/1',
          error: null,
          created_at: '2026-11-20T10:00:09.000Z',
        },
      ],
      orders: [
        {
          kind: 'reassign',
          who: 'ana',
          agent: 'a',
          run: 'r1',
          reason: 'too slow',
          at: '2026-11-20T10:00:07.500Z',
          outcome: 'reassigned',
        },
      ],
    },
  );
  expect(entries.map(({ what }) => what)).toEqual([
    'claimed',
    'run',
    'claim_released',
    'escalated',
    'escalation_cleared',
    'held',
    'let_go',
    'reassign',
    'canceled',
    'pull_request',
  ]);
  expect(entries.at(-1)).toMatchObject({ run: 'r1', detail: 'linked https://forge/1' });
  expect(counts).toEqual({
    runs: 1,
    claims: 1,
    failures: 1,
    escalations: 1,
    holds: 1,
    reassignments: 1,
  });
});

test('what was wished for and when it is to start is told, with who said so', () => {
  const metadata = {
    from: { 'dispatch.to': 'a' },
    to: { 'dispatch.to': '', 'dispatch.class': 'ai' },
  };
  const deferred = '2099-01-01T00:00:00.000Z';
  const said = event(0, {
    type: 'issue_updated',
    actor: 'ana',
    assignee: null,
    metadata,
    deferred,
  });
  const other = { from: {}, to: { size: 'big' } };
  const none = event(1, { type: 'issue_updated', metadata: other });
  const { entries } = historyOf([said, none], [], { orders: [], pulls: [] });
  expect(entries).toMatchObject([
    { what: 'wished', actor: 'ana', detail: 'dispatch.to: no more; dispatch.class: ai' },
    { what: 'deferred', actor: 'ana', detail: `not before ${deferred}` },
  ]);
  expect(entries).toHaveLength(2);
});
