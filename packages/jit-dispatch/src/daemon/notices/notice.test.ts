import { expect, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { NOTIFY_EVENTS } from '../../config/notify-events.ts';
import { RECORD_TYPES } from '../../ledger/record-types.ts';
import { type Condition, changesOf, noticeOf } from './notice.ts';

const SOURCE = { dispatcher: 'd', repository: '' };
const AT = '2026-11-21T12:00:00.000Z';
const WELL: Condition = { paused: null, configError: null, lastError: null, agents: new Map() };

const changes = (before: Condition | null, after: Condition) =>
  changesOf(before, after, { ...SOURCE, at: AT }).map(({ event, agent, detail }) => [
    event,
    agent,
    detail,
  ]);

test('every event that can be asked for is told at some time, and no other one', () => {
  const facts = {
    seq: 1,
    at: AT,
    run: 'r1',
    issue: 'i1',
    title: 'Issue',
    agent: 'a',
    attempt: 1,
    data: {},
  };
  const ofRecords = RECORD_TYPES.flatMap(
    (type) => noticeOf({ ...facts, type }, null, SOURCE)?.event ?? [],
  );
  const agents = (health: string) => new Map([['a', { health, why: 'because' }]]);
  const conditions: Condition[] = [
    WELL,
    { ...WELL, paused: { who: 'ana', reason: 'freeze' }, configError: 'bad', lastError: 'away' },
    { ...WELL, agents: agents('resting') },
    { ...WELL, agents: agents('unhealthy') },
    { ...WELL, agents: agents('paused') },
    { ...WELL, agents: agents('well') },
  ];
  const ofChanges = conditions.flatMap((after, at) =>
    changes(conditions[at - 1] ?? null, after).map(([event]) => event),
  );
  expect([...new Set([...ofRecords, ...ofChanges])].sort()).toEqual([...NOTIFY_EVENTS].sort());
});

test('nothing has changed at the first look, nor while all stays the same', () => {
  const bad: Condition = { ...WELL, lastError: 'away', configError: 'bad' };
  expect(changes(null, bad)).toEqual([]);
  expect(changes(bad, { ...bad, lastError: 'still away' })).toEqual([]);
  expect(changes(bad, { ...bad, configError: 'worse' })).toEqual([
    ['config_refused', null, 'worse'],
  ]);
});

test('a lost race is told to nobody, a lost run is; a notice never holds the token', () => {
  const lost = {
    seq: 1,
    at: AT,
    type: 'lost',
    run: 'r1',
    issue: 'i1',
    title: 'Issue',
    agent: 'a',
    data: {},
  } as const;
  expect(noticeOf({ ...lost, attempt: null }, null, SOURCE)).toBeNull();
  const run = someRun({ reason: 'lost_claim', detail: 'taken by another' });
  const told = noticeOf({ ...lost, attempt: 2 }, run, SOURCE);
  expect(told).toMatchObject({
    event: 'lost',
    reason: 'lost_claim',
    detail: 'taken by another',
    attempt: 2,
  });
  expect(JSON.stringify(told)).not.toContain(run.token);
});
