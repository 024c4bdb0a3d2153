import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { openLedger } from '../../ledger/ledger.ts';
import type { TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { keepOrders } from './keep-orders.ts';

test.each([
  ['a', { 'dispatch.to': '' }],
  ['', {}],
])(
  'who was to get it alone ("%s") is forgotten when it is given to another one',
  async (to, metadata) => {
    const ledger = openLedger(join(tempFolder(), 'ledger.db'));
    const at = '2026-11-20T10:00:00.000Z';
    const order = { issue: 'i1', run: null, agent: 'b', reason: '', who: 'ana', at };
    ledger.giveOrder({ id: 'o1', kind: 'reassign', ...order });
    const asked: TrackerCall[] = [];
    const shown = {
      ...{ id: 'i1', state: 'ready', isClaimed: false, assignee: null, labels: [] },
      whole: { metadata: { 'dispatch.to': to } },
    };
    const dispatcher = {
      ledger,
      tracker: {
        async callTogether(calls: readonly TrackerCall[]) {
          asked.push(...calls);
          return calls.map(() => ({ is: 'ok', issues: [shown] }));
        },
      },
      now: () => new Date(at),
      log: () => {},
    } as unknown as Dispatcher;
    await keepOrders(dispatcher);
    expect(ledger.order('o1')?.outcome).toBe('reassigned');
    expect(asked.find((call) => call.do === 'admit')).toMatchObject({ issue: 'i1', metadata });
    ledger.close();
  },
);
