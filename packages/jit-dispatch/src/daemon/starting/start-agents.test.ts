import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, onTestFinished, test } from 'vitest';
import { someAgent, someRun } from '../../../test/samples.ts';
import { openLedger } from '../../ledger/ledger.ts';
import type { TrackerIssue } from '../../tracker/tracker.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { type Granted, startAgents } from './start-agents.ts';

const RUNS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'];
/** Failures in a row after which an agent rests, by default. */
const BREAKER = 5;

/** Six claimed issues of an agent, in a real ledger, and a host that does what the test says. */
function claimed(host: { prepare?: (run: string) => void; start?: (run: string) => void } = {}) {
  const ledger = openLedger(join(tempFolder(), 'ledger.db'));
  onTestFinished(() => ledger.close());
  ledger.create(RUNS.map((run) => someRun({ run, issue: `of-${run}` })));
  const abandoned: string[] = [];
  const dispatcher = {
    name: 'test',
    repository: '',
    config: { workspace: { kind: 'none' } },
    ledger,
    host: {
      folder: (run: string) => `/nowhere/${run}`,
      prepare: ({ run }: { run: string }) => host.prepare?.(run),
      start: (run: string) => host.start?.(run),
      abandon: (run: string) => abandoned.push(run),
      assignment: () => null,
    },
    place: { cwd: '/', jitDir: '/.jit', path: null, tracker: { argv: [], suffix: [], env: {} } },
    log: () => {},
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    uptimeMs: () => 0,
    step: () => {},
  } as unknown as Dispatcher;
  const granted = RUNS.map((run): Granted => {
    const issue = { id: `of-${run}`, attempt: 1, whole: {} } as unknown as TrackerIssue;
    const row = someRun({ run, issue: issue.id });
    return { run: row, agent: someAgent(), issue, leasedAtMs: 0 };
  });
  const start = (mayStart = () => true) =>
    startAgents(dispatcher, granted, { promptFor: () => null, mayStart });
  const states = () => RUNS.map((run) => ledger.find(run)?.state);
  return { ledger, abandoned, start, states };
}

test.each(['prepare', 'start'] as const)(
  'a %s that fails gives up its run, and no other',
  (step) => {
    const began: string[] = [];
    const fails = (run: string) => {
      if (run === 'r2') throw new Error('no memory');
    };
    const start = (run: string) => {
      if (step === 'start') fails(run);
      began.push(run);
    };
    const { ledger, abandoned, ...all } = claimed({
      start,
      ...(step === 'prepare' && { prepare: fails }),
    });
    const { started, unwanted } = all.start();
    expect(began).toEqual(['r1', 'r3', 'r4', 'r5', 'r6']);
    expect(abandoned).toEqual(['r2']);
    expect(ledger.recordsOf('r2', 'not_prepared')).toHaveLength(1);
    expect(started.map(({ run }) => run).sort()).toEqual(RUNS);
    expect(unwanted).toEqual([]);
  },
);

test('all of a run is durable before its agent is started, and a crash leaves few that were not', () => {
  const waiting: number[] = [];
  const seen: (string | undefined)[] = [];
  const { start, states, ledger } = claimed({
    start(run) {
      seen.push(ledger.find(run)?.state);
      const journalled = states().filter((state) => state === 'dispatched').length;
      waiting.push(journalled - seen.length + 1);
    },
  });
  start();
  expect(seen).toEqual(RUNS.map(() => 'dispatched'));
  expect(Math.max(...waiting)).toBeGreaterThan(1);
  expect(Math.max(...waiting)).toBeLessThan(BREAKER);
});

test('the word to stop leaves the next runs as they were, to be given back', () => {
  let asked = 0;
  const { start, states } = claimed();
  const { started, unwanted } = start(() => {
    asked += 1;
    return asked === 1;
  });
  expect(started.length + unwanted.length).toBe(RUNS.length);
  expect(started.length).toBeGreaterThan(0);
  expect(states().filter((state) => state === 'created')).toHaveLength(unwanted.length);
  expect(unwanted.length).toBeGreaterThan(0);
});
