import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { openLedger } from '../../ledger/ledger.ts';
import { systemTimers } from '../../timers.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { runLoop } from './loop.ts';
import { createMailbox } from './mailbox.ts';
import { createShutdown } from './shutdown.ts';

test('a stop reaches every run, also when one of them cannot be given up on a full disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jit-loop-'));
  const ledger = openLedger(join(folder, 'ledger.db'));
  onTestFinished(() => {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = '2026-11-20T10:00:00.000Z';
  for (const run of ['r1', 'r2', 'r3']) {
    ledger.create([someRun({ run, issue: run })]);
    ledger.record(run, { type: 'running', at }, { state: 'running' });
  }
  const stopped: string[] = [];
  const keeper = { pid: 1, start_time: '1', boot_id: 'b' };
  const dispatcher = {
    repository: '',
    live: { refresh: async () => [], refusal: () => null },
    config: { agents: [], pollIntervalSecs: 1, stopGraceSecs: 10 },
    ledger,
    tracker: { call: async () => [] },
    host: {
      folder: (run: string) => join(folder, run),
      look: () => ({ keeper, isKeeperAlive: true, agent: null, exit: null }),
      spec: () => null,
      hasEnded: () => false,
      stall: () => null,
      requestStop(run: string) {
        if (run === 'r1') throw Object.assign(new Error('no room'), { code: 'ENOSPC', errno: -28 });
        stopped.push(run);
      },
    },
    log: () => {},
    baseLog: () => {},
    now: () => new Date(at),
    random: () => 0,
    uptimeMs: () => 0,
    timers: systemTimers,
  } as unknown as Dispatcher;
  const shutdown = createShutdown({ drainMs: 0, stopMs: 0 }, () => 0);
  shutdown.advance();
  shutdown.advance();
  expect(await runLoop([dispatcher], createMailbox(systemTimers), shutdown)).toMatchObject({
    left: 3,
  });
  expect(stopped).toEqual(['r2', 'r3']);
});
