import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someRun } from '../../test/samples.ts';
import { type Ledger, openLedger } from './ledger.ts';

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
const begin = (id: string, issue: string) =>
  ledger.beginEscalation({ id, issue, title: 'T', reason: 'r', detail: 'd', created_at: AT });
const records = () => {
  const db = new Database(join(folder, 'ledger.db'), { readonly: true });
  const rows = db.prepare("SELECT run, issue, type FROM records WHERE type LIKE 'esc%'").all();
  db.close();
  return rows;
};

test('an escalation is open until it has ended, also for who opens the ledger anew', () => {
  begin('e1', 'i1');
  begin('e2', 'i2');
  ledger.recordEscalation('e1', { type: 'escalated', at: AT }, { escalated_at: AT, told: 1 });
  ledger.changeEscalation('e2', { ended_at: AT });
  ledger.close();
  ledger = openLedger(join(folder, 'ledger.db'));
  expect(ledger.openEscalations()).toEqual([
    {
      id: 'e1',
      issue: 'i1',
      title: 'T',
      reason: 'r',
      detail: 'd',
      created_at: AT,
      escalated_at: AT,
      told: 1,
      told_at: null,
      ended_at: null,
    },
  ]);
});

test('its records name the latest run of the issue, or none', () => {
  ledger.create([someRun({ run: 'r1', issue: 'i1' }), someRun({ run: 'r2', issue: 'i1' })]);
  begin('e1', 'i1');
  begin('e2', 'untried');
  expect(records()).toEqual([
    { run: 'r2', issue: 'i1', type: 'escalating' },
    { run: null, issue: 'untried', type: 'escalating' },
  ]);
});

test('accounts rest until their time has come', () => {
  const db = new Database(join(folder, 'ledger.db'));
  const insert = db.prepare('INSERT INTO pauses VALUES (?, ?, ?)');
  insert.run('over', AT, 'limit');
  insert.run('lab', '2026-11-20T11:00:00.000Z', 'limit');
  db.close();
  expect(ledger.pauses(AT)).toEqual([
    { account: 'lab', until: '2026-11-20T11:00:00.000Z', reason: 'limit' },
  ]);
});
