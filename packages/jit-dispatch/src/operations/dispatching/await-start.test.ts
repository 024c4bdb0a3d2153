import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { openLedger } from '../../ledger/ledger.ts';
import type { NewWait } from '../../ledger/waits.ts';
import type { Site } from '../../sites.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import type { Admission } from './admit-issues.ts';
import { ask, awaitStarts, standOf } from './await-start.ts';

const AT = '2026-11-20T10:00:00.000Z';
const full: NewWait = {
  ...{ issue: 'i1', title: 'One', priority: 'normal' },
  ...{ reason: 'agents_full', detail: 'no agent has room' },
};

test('a wait that an earlier cycle decided is not believed, the same of a later one is', async () => {
  const folder = tempFolder();
  const ledger = openLedger(join(folder, 'ledger.db'));
  const site = { folder, repository: '' } as Site;
  const workbench = { readLedger: async () => ledger } as unknown as Workbench;
  const admission = { site, issue: { id: 'i1' } } as Admission;
  const lookedBefore = ledger.asked();
  ledger.keepWaits([full], AT, null, lookedBefore);
  const before = await standOf(workbench, [site]);
  const asked = { before, ...(await ask(workbench, [site])) };
  const seen = async () => {
    const over = { asked, deadline: 0, isOver: () => true };
    return (await awaitStarts(workbench, [admission], over)).get(admission);
  };
  expect(await seen()).toBeUndefined();
  // It looked before the issue was admitted, and wrote down afterwards what it saw.
  ledger.keepWaits([{ ...full, reason: 'escalated' }], AT, null, lookedBefore);
  expect(await seen()).toBeUndefined();
  ledger.keepWaits([full], AT, null, ledger.asked());
  expect(await seen()).toMatchObject({ error: { details: { reason: 'agents_full' } } });
  ledger.close();
});
