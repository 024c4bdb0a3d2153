import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someRun } from '../../../test/samples.ts';
import { type Ledger, openLedger } from '../../ledger/ledger.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { prune } from './prune.ts';

let folder = '';
let ledger: Ledger;
const logged: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jit-prune-'));
  ledger = openLedger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A ledger with runs that ended on the 1st and the 10th, and a live one of the 1st. */
function withRuns(): (now: string) => Promise<number> {
  const ends = { old: '2026-11-01T10:00:00.000Z', new: '2026-11-10T10:00:00.000Z', live: null };
  for (const [name, ended_at] of Object.entries(ends)) {
    ledger.create([someRun({ run: name, issue: name, created_at: '2026-11-01T09:00:00.000Z' })]);
    if (ended_at !== null)
      ledger.record(name, { type: 'failed', at: ended_at }, { state: 'failed', ended_at });
    mkdirSync(join(folder, 'runs', name), { recursive: true });
  }
  const host = { folder: (run: string) => join(folder, 'runs', run) };
  const log = ({ message }: { message: string }) => logged.push(message);
  return (now) =>
    prune({
      ledger,
      host,
      log,
      config: { historyDays: 14 },
      now: () => new Date(now),
    } as unknown as Dispatcher);
}

const recorded = (): unknown[] => {
  const db = new Database(join(folder, 'ledger.db'), { readonly: true });
  const names = db.prepare('SELECT DISTINCT run FROM records ORDER BY 1').pluck().all();
  db.close();
  return names;
};

test('what ended long ago loses folder and records; its row stays, live runs are untouched', async () => {
  const at = withRuns();
  expect(await at('2026-11-14T10:00:00.000Z')).toBe(0);
  expect(await at('2026-11-16T10:00:00.000Z')).toBe(1);
  expect(['old', 'new', 'live'].map((name) => existsSync(join(folder, 'runs', name)))).toEqual([
    false,
    true,
    true,
  ]);
  expect(recorded()).toEqual(['live', 'new']);
  expect(ledger.find('old')).toMatchObject({ state: 'failed' });
  expect(logged).toEqual([]);
});

test('what a program said of an issue is forgotten after the same time', async () => {
  const at = withRuns();
  for (const [content, time] of Object.entries({ old: '01', new: '10' }))
    ledger.keepClassification({
      content,
      class: 'ai',
      confidence: 1,
      detail: '',
      failed: null,
      at: `2026-11-${time}T10:00:00.000Z`,
    });
  await at('2026-11-16T10:00:00.000Z');
  expect(ledger.classifications(['old', 'new'])).toMatchObject([{ content: 'new' }]);
});

test('it is looked for once an hour', async () => {
  const at = withRuns();
  expect(await at('2026-11-15T09:59:59.000Z')).toBe(0);
  expect(await at('2026-11-15T10:30:00.000Z')).toBe(0);
  expect(await at('2026-11-15T11:00:00.000Z')).toBe(1);
});
