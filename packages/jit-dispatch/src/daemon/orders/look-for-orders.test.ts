import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { openLedger } from '../../ledger/ledger.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { createOrderLook } from './look-for-orders.ts';

test('a request is told once, and not where a cycle has answered it already', () => {
  const ledger = openLedger(join(tempFolder(), 'ledger.db'));
  const dispatcher = { ledger, uptimeMs: () => 0 } as unknown as Dispatcher;
  let told = 0;
  const look = createOrderLook(() => {
    told += 1;
  }, 1000);
  look(dispatcher);
  expect(told).toBe(0);
  ledger.ask();
  look(dispatcher);
  look(dispatcher);
  expect(told).toBe(1);
  const at = '2026-11-20T10:00:00.000Z';
  ledger.keepWaits([], at, null, ledger.ask());
  look(dispatcher);
  expect(told).toBe(1);
  ledger.ask();
  look(dispatcher);
  expect(told).toBe(2);
  ledger.close();
});
