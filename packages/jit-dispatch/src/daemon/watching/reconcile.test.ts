import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { type Ledger, openLedger } from '../../ledger/ledger.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { reconcile } from './reconcile.ts';

const AT = '2026-11-20T10:00:00.000Z';
const HOUR_MS = 3_600_000;
const UPTIME_MS = 500_000;

let folder = '';
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-reconcile-'));
  ledger = openLedger(join(folder, 'ledger.db'));
  ledger.create([someRun()]);
  ledger.record(
    'r1',
    { type: 'dispatched', at: AT, data: { attempt: 1, uptime_ms: UPTIME_MS } },
    { state: 'dispatched', attempt: 1, dispatched_at: AT },
  );
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Looks at a run whose keeper has not reported, so long after it was dispatched. */
async function lookAfter({ wallMs, uptimeMs }: { wallMs: number; uptimeMs: number }) {
  const did: string[] = [];
  const dispatcher = {
    config: { stopGraceSecs: 1 },
    ledger,
    host: {
      look: () => ({ keeper: null, isKeeperAlive: false, agent: null, exit: null }),
      abandon: () => did.push('abandon') > 0,
      stopOrphan: async () => void did.push('stop what is left'),
    },
    log: () => {},
    now: () => new Date(Date.parse(AT) + wallMs),
    uptimeMs: () => UPTIME_MS + uptimeMs,
  } as unknown as Dispatcher;
  const { finished } = await reconcile(dispatcher);
  return { ended: finished.map(({ end }) => end.reason), did };
}

const nothing = { ended: [], did: [] };
const givenUp = { ended: ['never_started'], did: ['abandon', 'stop what is left'] };

test('a wall clock that is set forward or back does not make a starting run overdue', async () => {
  for (const wallMs of [HOUR_MS, -HOUR_MS])
    expect(await lookAfter({ wallMs, uptimeMs: 9_000 })).toEqual(nothing);
});

test('a run that is overdue is given up, wherever the wall clock stands', async () => {
  for (const wallMs of [-HOUR_MS, 10_000])
    expect(await lookAfter({ wallMs, uptimeMs: 10_000 })).toEqual(givenUp);
});

test('so is one that was dispatched before the machine was started anew', async () => {
  expect(await lookAfter({ wallMs: 5_000, uptimeMs: -400_000 })).toEqual(givenUp);
});
