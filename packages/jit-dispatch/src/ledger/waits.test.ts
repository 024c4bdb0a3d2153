import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { openLedger } from './ledger.ts';
import type { NewWait } from './waits.ts';

const wait = (issue: string, reason: string, detail = 'why'): NewWait => ({
  issue,
  title: `Issue ${issue}`,
  priority: 'normal',
  reason,
  detail,
});
const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const open = () => openLedger(join(tempFolder(), 'ledger.db'));

test('since when an issue waits for a reason is kept while the reason stays, and forgotten with the wait', () => {
  const ledger = open();
  expect(ledger.keepWaits([wait('1', 'agents_full'), wait('2', 'reserved')], at(1))).toBe(2);
  expect(ledger.keepWaits([wait('1', 'agents_full', 'other'), wait('2', 'reserved')], at(2))).toBe(
    1,
  );
  expect(ledger.keepWaits([wait('1', 'max_concurrent'), wait('2', 'reserved')], at(3))).toBe(1);
  expect(ledger.wait('1')).toMatchObject({ reason: 'max_concurrent', since: at(3) });
  expect(ledger.keepWaits([wait('1', 'agents_resting')], at(4))).toBe(2);
  expect(ledger.waits()).toMatchObject([{ issue: '1', since: at(4), agents_since: at(1) }]);
  expect(ledger.keepWaits([wait('1', 'held')], at(5))).toBe(1);
  expect(ledger.wait('1')?.agents_since).toBeNull();
  expect(ledger.keepWaits([], at(6))).toBe(1);
  expect(ledger.waits()).toEqual([]);
  ledger.close();
});

test('a cycle over some issues only says nothing of the others', () => {
  const ledger = open();
  ledger.keepWaits([wait('1', 'held'), wait('2', 'held')], at(1));
  expect(ledger.keepWaits([], at(2), new Set(['2']))).toBe(1);
  expect(ledger.waits().map(({ issue }) => issue)).toEqual(['1']);
  ledger.close();
});

test('nothing is written for 10,000 issues that wait as they did, and one row where one changed', () => {
  const ledger = open();
  const waits = Array.from({ length: 10_000 }, (_, id) => wait(`i${id}`, 'max_concurrent'));
  const first = ledger.keepWaits(waits, at(1));
  const again = ledger.keepWaits(waits, at(2));
  const changed = ledger.keepWaits(
    [wait('i7', 'held'), ...waits.filter(({ issue }) => issue !== 'i7')],
    at(3),
  );
  expect([first, again, changed]).toEqual([10_000, 0, 1]);
  console.log(`10,000 waits: ${first} rows, then ${again}, then ${changed} written`);
  ledger.close();
});

test('a wait answers a request only if its cycle looked after the request', () => {
  const ledger = open();
  const looked = ledger.asked();
  const request = ledger.ask();
  ledger.keepWaits([wait('1', 'agents_full')], at(1), null, looked);
  expect(ledger.answered()).toBeLessThan(request);
  // Nothing changed but that it is decided anew; then not even that.
  expect(ledger.keepWaits([wait('1', 'agents_full')], at(2), null, ledger.asked())).toBe(0);
  expect(ledger.answered()).toBe(request);
  expect(ledger.wait('1')?.since).toBe(at(1));
  const other = ledger.ask();
  ledger.keepWaits([], at(3), new Set(['2']), null);
  expect(ledger.answered()).toBeLessThan(other);
  ledger.close();
});
