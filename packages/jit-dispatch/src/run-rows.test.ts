import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someRun, someSpec } from '../test/samples.ts';
import { restoreRuns } from './daemon/recovery/restore-runs.ts';
import { openLedger } from './ledger/ledger.ts';
import { keepRow, listRunFolders, readRow } from './run-rows.ts';

let folder = '';
let runs = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-rows-'));
  runs = join(folder, 'runs');
  mkdirSync(runs);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ended = someRun({ state: 'failed', exit_code: 3, ended_at: '2026-11-20T10:00:00.000Z' });

test('a run comes back from its folder as the ledger had it', () => {
  mkdirSync(join(runs, 'r1'));
  keepRow(runs, ended);
  expect(readRow(runs, 'r1')).toEqual(ended);
  expect(statSync(join(runs, 'r1/run.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(runs, 'r1'))).toEqual(['run.json']);
});

test('a row that an older version wrote comes back; what it did not know is not known', () => {
  mkdirSync(join(runs, 'r1'));
  const { workspace: _, task_type: __, class: ___, score: ____, ...older } = ended;
  writeFileSync(join(runs, 'r1/run.json'), JSON.stringify(older));
  expect(readRow(runs, 'r1')).toEqual(ended);
  const known = { ...ended, task_type: 'review', class: 'hybrid', score: 0.25 } as const;
  keepRow(runs, known);
  expect(readRow(runs, 'r1')).toEqual(known);
});

test('a run that never had a folder gets none', () => {
  keepRow(runs, ended);
  expect(listRunFolders(runs)).toEqual([]);
  expect(listRunFolders(join(runs, 'none'))).toEqual([]);
});

test.each([
  ['is missing', null],
  ['is cut off', '{"run":"r1"'],
  ['is of another run', JSON.stringify({ ...ended, run: 'r2' })],
  ['holds something else', '{"run":"r1","state":"flying"}'],
])('where run.json %s, spec.json tells what is needed to settle it', (_, text) => {
  mkdirSync(join(runs, 'r1'));
  if (text !== null) writeFileSync(join(runs, 'r1/run.json'), text);
  writeFileSync(join(runs, 'r1/spec.json'), JSON.stringify(someSpec({ attempt: 2 })));
  expect(readRow(runs, 'r1')).toMatchObject({
    run: 'r1',
    issue: 'i1',
    agent: 'a',
    token: 'secret',
    attempt: 2,
    state: 'dispatched',
    ended_at: null,
  });
});

test('only what the ledger does not know is taken in, and what tells too little is left', () => {
  const ledger = openLedger(join(folder, 'ledger.db'));
  for (const name of ['r1', 'r2', 'empty']) mkdirSync(join(runs, name));
  ledger.create([someRun({ run: 'r1' })]);
  keepRow(runs, ended);
  keepRow(runs, { ...ended, run: 'r2' });
  expect(restoreRuns(ledger, runs, new Date())).toBe(1);
  expect(restoreRuns(ledger, runs, new Date())).toBe(0);
  expect(ledger.find('r1')).toMatchObject({ state: 'created' });
  expect(ledger.find('r2')).toEqual({ ...ended, run: 'r2' });
  expect(ledger.unknown(['r1', 'r2', 'empty'])).toEqual(['empty']);
  ledger.close();
});
