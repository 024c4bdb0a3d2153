import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { readyIssue, someAssessment } from '../../../test/samples.ts';
import { openLedger } from '../../ledger/ledger.ts';
import type { Decision } from '../../planning/plan-cycle.ts';
import type { TrackerCall } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { escalateSome } from './escalate-some.ts';

test('an escalation ends the wish that names the only agent, and writes nothing where there is none', async () => {
  const ledger = openLedger(join(tempFolder(), 'ledger.db'));
  const asked: TrackerCall[] = [];
  const dispatcher = {
    ...{ name: 'test', repository: '', config: { tracker: { forge: null }, repositories: [] } },
    ledger,
    tracker: {
      async callTogether(calls: readonly TrackerCall[]) {
        asked.push(...calls);
        throw new JitError('external', 'TRACKER_FAILED', 'away');
      },
    },
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    newRunId: () => `e${asked.length}`,
    step: () => {},
    log: () => {},
  } as unknown as Dispatcher;
  const escalated = (id: string, to: string | null): Decision => {
    const assessment = someAssessment();
    const wishes = { ...assessment.wishes, to };
    const issue = readyIssue(id, { assessment: { ...assessment, wishes } });
    const why = { reason: 'agents_excluded', detail: 'all failed' } as const;
    return { issue, aged: 'normal', action: 'escalate', ...why };
  };
  await escalateSome(dispatcher, [escalated('i1', 'a'), escalated('i2', null)]);
  expect(asked.filter((call) => call.do === 'escalate')).toMatchObject([
    { issue: 'i1', metadata: { 'dispatch.to': '' } },
    { issue: 'i2', metadata: {} },
  ]);
  ledger.close();
});
