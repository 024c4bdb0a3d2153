import { join } from 'node:path';
import { JitError } from '@jit/contract/errors';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { openLedger } from '../../ledger/ledger.ts';
import type { Site } from '../../sites.ts';
import type { TrackerCall } from '../../tracker/tracker.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { awaitEnd } from './await-end.ts';

const AT = '2026-11-20T10:00:00.000Z';
const AGENT = { run: 'r1', issue: 'i1000', agent: 'a' };

/** An issue, and time that goes by only where it is waited. */
function setUp() {
  const folder = tempFolder();
  const ledger = openLedger(join(folder, 'ledger.db'));
  onTestFinished(() => ledger.close());
  ledger.create([someRun(AGENT)]);
  const issue = { id: 'i1000', title: 'One', state: 'in_progress', labels: [] as string[] };
  const seen = { asked: 0, waits: [] as number[], isAway: false };
  let now = 0;
  const events = new Map<number, () => void>();
  const tracker = {
    async call([call]: readonly TrackerCall[]) {
      seen.asked += 1;
      if (seen.isAway) throw new JitError('external', 'TRACKER_FAILED', 'away');
      const isKnown = call?.do === 'show' && issue.id.startsWith(call.issue);
      const refusal = { is: 'refused', exit: 3, code: 'NOT_FOUND', message: 'no such issue' };
      return [isKnown ? { is: 'ok', issues: [{ ...issue }] } : refusal];
    },
  };
  const workbench = {
    sites: [{ folder, repository: '' } as Site],
    readLedger: async () => ledger,
    locateTracker: async () => ({ tracker }),
  } as unknown as Workbench;
  const time = {
    uptimeMs: () => now,
    async delay(ms: number) {
      seen.waits.push(ms);
      now += ms;
      for (const [at, work] of events)
        if (at * 1000 <= now) {
          events.delete(at);
          work();
        }
    },
  };
  return {
    ...{ ledger, issue, seen },
    at: (secs: number, work: () => void) => events.set(secs, work),
    wait: (timeoutSecs = 7200, ref = 'i100') =>
      awaitEnd(workbench, { issue: ref, timeoutSecs }, time),
  };
}

test('what is finished already is told at once', async () => {
  const { issue, seen, wait } = setUp();
  issue.state = 'done';
  expect(await wait()).toEqual({
    ...{ issue: 'i1000', repository: '', title: 'One', state: 'done', outcome: 'done' },
    ...{ reason: null, run: 'r1', agent: 'a' },
  });
  expect(seen).toMatchObject({ asked: 1, waits: [] });
});

test('the tracker is asked when the ledger tells of the issue, else now and then', async () => {
  const { ledger, issue, seen, at, wait } = setUp();
  // Of another issue.
  at(12, () => ledger.create([someRun({ ...AGENT, run: 'r2', issue: 'i2000' })]));
  at(15, () => {
    issue.state = 'done';
    ledger.record('r1', { type: 'completed', at: AT });
  });
  expect(await wait()).toMatchObject({ outcome: 'done' });
  expect(seen.asked).toBe(3);
  expect(seen.waits).toEqual(Array.from({ length: 15 }, () => 1000));
});

test('what somebody else finished is found without the ledger', async () => {
  const { issue, seen, at, wait } = setUp();
  at(95, () => {
    issue.state = 'rejected';
  });
  expect(await wait()).toMatchObject({ outcome: 'rejected' });
  expect(seen.asked).toBe(11);
});

test('the time is over, at once where there is none', async () => {
  const { seen, wait } = setUp();
  expect(await wait(0)).toMatchObject({ outcome: 'timed_out', state: 'in_progress' });
  expect(seen).toMatchObject({ asked: 1, waits: [] });
  expect(await wait(2.5)).toMatchObject({ outcome: 'timed_out' });
  expect(seen).toMatchObject({ asked: 3, waits: [1000, 1000, 500] });
});

test('an escalation ends it, with its reason; so does a hold, with who holds it', async () => {
  const { ledger, issue, at, wait } = setUp();
  at(3, () => {
    Object.assign(issue, { state: 'ready', labels: ['dispatch:escalated'] });
    const why = { reason: 'no_agent_left', detail: 'all have failed' };
    ledger.beginEscalation({ id: 'e1', issue: 'i1000', title: 'One', ...why, created_at: AT });
    ledger.changeEscalation('e1', { ended_at: AT });
  });
  const reason = 'no_agent_left: all have failed';
  expect(await wait()).toMatchObject({ outcome: 'escalated', reason });
  issue.labels = ['dispatch:held'];
  expect(await wait()).toMatchObject({ outcome: 'held', reason: null });
  const order = { id: 'o1', kind: 'cancel', issue: 'i1000', run: null, agent: null } as const;
  ledger.giveOrder({ ...order, reason: 'not today', who: 'ana', at: AT });
  expect(await wait()).toMatchObject({ outcome: 'held', reason: 'canceled by ana: not today' });
});

test('a tracker that is away for a while ends no wait, one that is away at the end does', async () => {
  const { issue, seen, at, wait } = setUp();
  at(5, () => {
    seen.isAway = true;
  });
  at(25, () => {
    seen.isAway = false;
    issue.state = 'done';
  });
  expect(await wait()).toMatchObject({ outcome: 'done' });
  Object.assign(issue, { state: 'ready' });
  at(26, () => {
    seen.isAway = true;
  });
  await expect(wait(60)).rejects.toMatchObject({ code: 'TRACKER_FAILED' });
});

test('an issue that is not there is not waited for', async () => {
  const { seen, wait } = setUp();
  await expect(wait(60, 'zzzz')).rejects.toMatchObject({ kind: 'not_found' });
  expect(seen.waits).toEqual([]);
});
