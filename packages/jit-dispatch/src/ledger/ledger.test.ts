import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { someRun } from '../../test/samples.ts';
import { tryFileLock } from './file-lock.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { newRunId } from './new-run-id.ts';
import type { Run } from './run.ts';
import { LEDGER_STEPS } from './schema.ts';

let folder = '';
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-ledger-'));
  ledger = openLedger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const AT = '2026-11-20T10:00:00.000Z';
const run = (name: string, facts: Partial<Run> = {}) => someRun({ ...facts, run: name });

test('a run is live until it has ended', () => {
  ledger.create([run('r1'), run('r2')]);
  ledger.record(
    'r1',
    { type: 'dispatched', at: AT, data: {} },
    { state: 'dispatched', attempt: 1 },
  );
  expect(ledger.liveRuns().map(({ run, state }) => `${run} ${state}`)).toEqual([
    'r1 dispatched',
    'r2 created',
  ]);
  ledger.record('r1', { type: 'completed', at: AT }, { state: 'completed', ended_at: AT });
  expect(ledger.liveRuns().map((each) => each.run)).toEqual(['r2']);
  expect(ledger.find('r1')).toMatchObject({ state: 'completed', attempt: 1, ended_at: AT });
});

test('every change is journalled, in order', () => {
  ledger.create([run('r1')]);
  ledger.record('r1', { type: 'dispatched', at: AT, data: { attempt: 1 } });
  const db = new Database(join(folder, 'ledger.db'), { readonly: true });
  const rows = db.prepare('SELECT run, type, data FROM records ORDER BY seq').all();
  db.close();
  expect(rows).toEqual([
    { run: 'r1', type: 'created', data: '{"issue":"i1","agent":"a","decision":null}' },
    { run: 'r1', type: 'dispatched', data: '{"attempt":1}' },
  ]);
});

test('what is written together is durable and told at once, and nothing of it where it throws', () => {
  ledger.close();
  const told: string[][] = [];
  ledger = openLedger(join(folder, 'ledger.db'), {
    onRecords: (records) => told.push(records.map(({ type, run }) => `${type} ${run}`)),
  });
  ledger.create([run('r1'), run('r2')]);
  told.length = 0;
  const note = (name: string) => ledger.record(name, { type: 'settling', at: AT });
  const refused = () =>
    ledger.together(() => {
      note('r1');
      throw new Error('no');
    });
  ledger.together(() => {
    note('r1');
    expect(refused).toThrow('no');
    note('r2');
    expect(told, 'not before all of it is durable').toEqual([]);
  });
  expect(told).toEqual([['settling r1', 'settling r2']]);
  expect(refused).toThrow('no');
  expect(told).toHaveLength(1);
  expect(ledger.recordsOf('r1', 'settling')).toHaveLength(1);
});

test('what was decided about a run is kept with its beginning, whatever becomes of its row', () => {
  const decision = { agents: [{ agent: 'a', score: 0.75 }] };
  const facts = { task_type: 'review', class: 'hybrid', score: 0.75 } as const;
  const decisions = new Map([['r2', decision]]);
  ledger.create(
    [run('r1'), run('r2', facts), run('r3')],
    (each) => each.run !== 'r3',
    (each) => decisions.get(each.run),
  );
  expect(ledger.find('r1')).toMatchObject({ task_type: null, class: null, score: null });
  expect(ledger.find('r2')).toMatchObject(facts);
  expect(ledger.find('r3')).toBeNull();
  expect(ledger.recordsOf('r1', 'created')).toMatchObject([{ data: { decision: null } }]);
  expect(ledger.recordsOf('r2', 'created')).toMatchObject([{ data: { decision } }]);
});

test('runs are listed latest first, by issue, agent and number', () => {
  ledger.create([run('r1'), run('r2', { issue: 'i2' }), run('r3', { agent: 'b' })]);
  const names = (filter: Parameters<Ledger['runs']>[0]) =>
    ledger.runs(filter).map((each) => each.run);
  expect(names({})).toEqual(['r3', 'r2', 'r1']);
  expect(names({ issue: 'i1' })).toEqual(['r3', 'r1']);
  expect(names({ issue: 'i1', agent: 'a' })).toEqual(['r1']);
  expect(names({ limit: 1 })).toEqual(['r3']);
});

test('an account rests until its time; a shorter rest that comes later changes nothing', () => {
  ledger.create([run('r1')]);
  const pause = (account: string, until: string, reason: string) =>
    ledger.pauseAccount(
      { account, until: `2026-11-20T${until}:00.000Z`, reason },
      { run: 'r1', at: AT },
    );
  pause('a', '10:10', 'first');
  pause('b', '10:01', 'other');
  pause('a', '10:05', 'shorter');
  const at = (time: string) =>
    ledger
      .pauses(`2026-11-20T${time}:00.000Z`)
      .map(({ account, reason }) => `${account} ${reason}`);
  expect(at('10:00')).toEqual(['a first', 'b other']);
  pause('a', '10:20', 'longer');
  expect(at('10:10')).toEqual(['a longer']);
  expect(at('10:20')).toEqual([]);
  const db = new Database(join(folder, 'ledger.db'), { readonly: true });
  const rows = db.prepare("SELECT data FROM records WHERE type = 'account_paused'").pluck().all();
  db.close();
  expect(rows).toHaveLength(4);
});

test('when a kind of record was last written is known', () => {
  ledger.create([run('r1'), run('r2')]);
  ledger.record('r1', { type: 'gating', at: AT });
  const later = '2026-11-20T11:00:00.000Z';
  ledger.record('r1', { type: 'gating', at: later });
  expect(ledger.recordsOf('r1', 'gating').at(-1)?.at).toBe(later);
  expect(ledger.recordsOf('r2', 'gating')).toEqual([]);
});

test('a ledger is found again by the next process, and is private', () => {
  ledger.create([run('r1')]);
  ledger.setMeta('k', 'v');
  ledger.close();
  ledger = openLedger(join(folder, 'ledger.db'));
  expect(ledger.liveRuns()).toHaveLength(1);
  expect(ledger.getMeta('k')).toBe('v');
  ledger.setMeta('k', null);
  expect(ledger.getMeta('k')).toBeNull();
  expect(statSync(join(folder, 'ledger.db')).mode & 0o777).toBe(0o600);
});

test.each([1, 2, 3, 4])(
  'a ledger of version %i is brought to this one with all it holds',
  (version) => {
    const path = join(folder, `version-${version}.db`);
    const old = new Database(path);
    for (const step of LEDGER_STEPS.slice(0, version)) old.exec(step);
    old.pragma(`user_version = ${version}`);
    const at = '2026-11-20T10:00:00.000Z';
    old
      .prepare(
        `INSERT INTO runs (run, issue, title, agent, state, token, attempt, completion, created_at)
         VALUES ('r1', 'i1', 'One', 'a', 'running', 't', 1, 'exit', ?)`,
      )
      .run(at);
    const columns = version === 1 ? 'run, at, type, data' : 'run, at, type, data, issue';
    const issue = version === 1 ? '' : ", 'i1'";
    old
      .prepare(`INSERT INTO records (${columns}) VALUES ('r1', ?, 'created', '{}'${issue})`)
      .run(at);
    if (version > 1) old.prepare("INSERT INTO pauses VALUES ('acc', ?, 'limit')").run(at);
    if (version > 2) {
      old.exec("UPDATE runs SET workspace = '/w'");
      old.prepare("INSERT INTO holds VALUES ('agent:a', '', 'ben', ?, NULL)").run(at);
    }
    old.close();

    const migrated = openLedger(path);
    onTestFinished(() => migrated.close());
    const workspace = version > 2 ? '/w' : null;
    const newer = { task_type: null, class: null, score: null };
    expect(migrated.liveRuns()).toMatchObject([
      { run: 'r1', state: 'running', workspace, ...newer },
    ]);
    expect(migrated.timeLine('r1')).toMatchObject([{ type: 'created', at }]);
    expect(migrated.pauses('2026-11-20T09:00:00.000Z')).toHaveLength(version > 1 ? 1 : 0);
    migrated.hold({ scope: '*', reason: '', who: 'ana', since: at, until: null });
    expect(migrated.holds(at)).toHaveLength(version > 2 ? 2 : 1);
    const { run, ...facts } = migrated.liveRuns()[0] ?? expect.fail('no run');
    const more = { task_type: 'review', class: 'human', score: 0.5 } as const;
    expect(migrated.create([{ ...facts, ...more, run: `${run}b` }])).toHaveLength(1);
    expect(migrated.find(`${run}b`)).toMatchObject({ ...more, workspace });
    expect(migrated.classifications(['c'])).toEqual([]);
    expect(migrated.openOrders()).toEqual([]);
    expect(migrated.openPulls()).toEqual([]);
  },
);

test('a ledger of a newer version is refused and left alone', () => {
  const path = join(folder, 'newer.db');
  const newer = new Database(path);
  newer.pragma('user_version = 99');
  newer.close();
  expect(() => openLedger(path)).toThrow(expect.objectContaining({ code: 'LEDGER_TOO_NEW' }));
});

test('a lock is held by one, until it is released', () => {
  const path = join(folder, 'lock.db');
  const lock = tryFileLock(path);
  expect(lock).not.toBeNull();
  expect(tryFileLock(path)).toBeNull();
  lock?.release();
  const next = tryFileLock(path);
  expect(next).not.toBeNull();
  next?.release();
});

test('run ids sort by time and fit into a path', () => {
  const zeros = new Uint8Array(16);
  const ids = [0, 1, 31, 32, Date.parse(AT)].map((time) => newRunId(time, zeros));
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{26}$/);
});

test('a damaged ledger or lock is named, with a way out', () => {
  for (const [name, open] of [
    ['bad.db', openLedger],
    ['lock.db', tryFileLock],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, 'no database '.repeat(500));
    expect(() => open(path)).toThrow(
      expect.objectContaining({
        kind: 'external',
        code: 'LEDGER_DAMAGED',
        message: expect.stringContaining(path),
      }),
    );
  }
});

test('damage inside a ledger is named when it is met', () => {
  const path = join(folder, 'half.db');
  openLedger(path).close();
  const db = new Database(path);
  db.exec('DROP TABLE meta');
  db.close();
  const half = openLedger(path);
  expect(() => half.getMeta('x')).toThrow(expect.objectContaining({ code: 'LEDGER_DAMAGED' }));
  half.close();
});

test('a file where the folder should be is named', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const open of [openLedger, tryFileLock])
    expect(() => open(join(file, 'x.db'))).toThrow(
      expect.objectContaining({ kind: 'external', code: 'LEDGER_UNUSABLE' }),
    );
});
