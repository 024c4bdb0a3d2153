import { readdirSync } from 'node:fs';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import type { GateRun } from '../domain/gate-run.ts';
import { openGateRuns } from './gate-runs.ts';
import { layoutOf } from './layout.ts';

const RUN: GateRun = {
  id: '',
  issue: 'a',
  gate: 'tests',
  attempt: 1,
  commit: null,
  command: 'true',
  by: 'ana',
  started_at: '2026-11-20T10:00:00.000Z',
  ended_at: '2026-11-20T10:00:00.000Z',
  exit: 0,
  signal: null,
  verdict: 'passed',
  end: 'exit 0',
  output_bytes: 0,
  reported: false,
  stale: null,
};

test('the newest ten of each gate and issue are kept, also when the clock goes back', () => {
  const layout = layoutOf(tempFolder());
  const folder = layout.gateRuns;
  const runs = openGateRuns(layout);
  const ids: string[] = [];
  for (let at = 0; at < 15; at += 1) {
    const id = runs.newId('a', 'tests', 1_800_000_000_000 - at * 1000);
    runs.save({ ...RUN, id }, Buffer.from(String(at)));
    ids.push(id);
  }
  expect(readdirSync(folder).sort()).toEqual(ids.slice(-10));
  expect(runs.last('a', 'tests')?.id).toBe(ids.at(-1));
  expect(runs.output(ids.at(-1) ?? '')?.toString()).toBe('14');
  expect(runs.last('a', 'lint')).toBeUndefined();
  expect(runs.find('b', 'tests', ids.at(-1) ?? '')).toBeUndefined();
});

test('runs that end together, after one that began later, have ids of their own', () => {
  const runs = openGateRuns(layoutOf(tempFolder()));
  const began = 1_800_000_000_000;
  const last = runs.newId('a', 'tests', began + 5000);
  runs.save({ ...RUN, id: last }, Buffer.from(''));
  const ids = [1, 2, 3].map((after) => runs.newId('a', 'tests', began + after));
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id > last).toBe(true);
});
