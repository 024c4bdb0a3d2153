import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { someAgent, someChoosing } from '../../test/samples.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import type { TrackerCall, TrackerIssue } from '../tracker/tracker.ts';
import { openQuestions } from './classifying/questions.ts';
import { runCycle } from './cycle.ts';
import type { Dispatcher } from './dispatcher.ts';

let folder = '';
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-cycle-'));
  ledger = openLedger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const agent = someAgent({ capacity: 3, completion: 'exit' });
const issue: TrackerIssue = {
  id: 'i1',
  title: 'One',
  state: 'ready',
  priority: 'normal',
  assignee: null,
  labels: [],
  attempt: 1,
  isClaimed: false,
  created_at: '2026-11-20T10:00:00.000Z',
  whole: {},
};

const failure = {
  type: 'claim_released',
  at: issue.created_at,
  actor: 'jit-dispatch:other',
  attempt: 1,
  assignee: 'a',
  reason: 'exit code 1',
  failed: 'agent',
  labels: null,
  text: null,
};

/** A cycle over one ready issue; the word to stop comes while the tracker is asked for `stopAt`. */
async function cycle(
  stopAt: 'ready' | 'claim' | null,
  { onReady = () => {}, onPlan = () => {} } = {},
) {
  let isStopped = false;
  const did: string[] = [];
  const planned: string[] = [];
  const note = (call: string): void => {
    did.push(call);
    if (call === stopAt) isStopped = true;
  };
  const dispatcher = {
    repository: '',
    live: { refresh: async () => [], refusal: () => null },
    config: {
      folder,
      repositories: [],
      agents: [agent],
      limits: [],
      choosing: someChoosing(),
      order: { ageStepHours: 24, ageMaxSteps: 2, stealAfterSecs: 0 },
      admission: { minFreeDiskMb: 0, minFreeDiskPercent: 0, maxLoadPerCpu: 0 },
      maxConcurrent: 5,
      leaseSecs: 60,
      workspace: { kind: 'none' },
      retry: { attemptsPerAgent: 3, lifetime: 10 },
      qa: { attemptsPerAgent: 2 },
      rateLimit: { maxWaits: 20 },
      breaker: { failures: 5, windowSecs: 900, pauseSecs: 30, maxPauseSecs: 600, resetSecs: 1800 },
    },
    ledger,
    tracker: {
      async ready() {
        note('ready');
        onReady();
        return [issue];
      },
      async call(calls: readonly TrackerCall[]) {
        return calls.map((call) => {
          if (call.do !== 'assigned' && call.do !== 'history') note(call.do);
          const events = call.do === 'history' ? [failure] : [];
          return { is: 'ok', issues: call.do === 'claim' ? [issue] : [], events };
        });
      },
    },
    host: {
      folder: (run: string) => join(folder, run),
      prepare: () => {},
      start: () => void did.push('start'),
    },
    place: { cwd: folder, jitDir: folder, path: null, tracker: {}, leaseSecs: 60 },
    log: () => {},
    baseLog: () => {},
    now: () => new Date(issue.created_at),
    uptimeMs: () => 0,
    newRunId: () => 'r1',
    newToken: () => 'secret',
    step: () => {},
  } as unknown as Dispatcher;
  const { sites, ...rest } = await runCycle([dispatcher], {
    questions: openQuestions(null),
    mayStart: () => !isStopped,
    maxStarts: null,
    onPlan(decisions) {
      planned.push(...decisions.map(({ action }) => action));
      onPlan();
    },
  });
  return { result: { ...rest, ...sites[0] }, did, planned };
}

test('what is ready is claimed and started', async () => {
  const { result, did } = await cycle(null);
  expect(did).toEqual(['ready', 'claim', 'start']);
  expect(result.started).toMatchObject([{ run: 'r1', state: 'dispatched' }]);
  // What another dispatcher saw fail counts.
  expect(ledger.find('r1')).toMatchObject({ failures: 1 });
});

test('a request that comes while the tracker is asked is left to the next cycle', async () => {
  const first = ledger.ask();
  const other = openLedger(join(folder, 'ledger.db'));
  let second = 0;
  await cycle(null, {
    onReady() {
      second = other.ask();
    },
  });
  other.close();
  expect(ledger.answered()).toBe(first);
  expect(second).toBeGreaterThan(first);
});

describe('a stop while a cycle is under way', () => {
  test('before the claim: nothing is announced, journalled or claimed', async () => {
    const { result, did, planned } = await cycle('ready');
    expect(did).toEqual(['ready']);
    expect(planned).toEqual([]);
    expect(result.started).toEqual([]);
    expect(ledger.runs({})).toEqual([]);
  });

  test('during the claim: it is given back, the agent is never started', async () => {
    const { result, did } = await cycle('claim');
    expect(did).toEqual(['ready', 'claim', 'release']);
    expect(result.started).toEqual([]);
    expect(result.settled).toMatchObject([{ run: { state: 'canceled', reason: 'stopped' } }]);
    expect(ledger.find('r1')).toMatchObject({
      state: 'canceled',
      reason: 'stopped',
      attempt: null,
    });
    expect(ledger.liveRuns()).toEqual([]);
  });
});

describe('a pause by somebody else while a cycle is under way', () => {
  const pause = (scope: string) => () => {
    const other = openLedger(join(folder, 'ledger.db'));
    other.hold({ scope, reason: '', who: 'ana', since: issue.created_at, until: null });
    // What a drain sees from now on is what there is.
    expect(other.liveRuns()).toEqual([]);
    other.close();
  };
  test.each(['*', 'agent:a', 'repository:'])('of %s: nothing begins after it', async (scope) => {
    const { did, planned } = await cycle(null, { onPlan: pause(scope) });
    expect(planned).toEqual(['start']);
    expect(did).toEqual(['ready']);
    expect(ledger.runs({})).toEqual([]);
  });
  test('of another agent changes nothing', async () => {
    expect((await cycle(null, { onPlan: pause('agent:b') })).did).toEqual([
      'ready',
      'claim',
      'start',
    ]);
  });
});
