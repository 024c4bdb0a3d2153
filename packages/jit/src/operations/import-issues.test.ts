import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportOutput } from '@jit/contract/outputs/repository';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newIssue } from '../domain/issue.ts';
import { planBeadsImport } from '../import/beads.ts';
import { planJustInTimeImport } from '../import/just-in-time.ts';
import { layoutOf } from '../store/layout.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { importIssues } from './import-issues.ts';

const WALL = Date.parse('2026-11-20T10:00:00Z');
const NOW = new Date(WALL).toISOString();

let root = '';
let store: Store;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jit-import-'));
  store = openStore({
    layout: layoutOf(root),
    origin: () => 'here',
    clock: () => ({ wall: WALL, uptime: 1, boot: 'boot' }),
    label: { actor: 'ana', command: 'import' },
    lockTimeoutMs: 1000,
    settle: () => {},
    advance: () => {},
  });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true });
});

const run = { actor: 'ana', dryRun: false };

function beads(...lines: Record<string, unknown>[]) {
  const common = { created_at: '2026-01-16T07:21:09Z', priority: 1, created_by: 'bo' };
  const text = lines.map((line) => JSON.stringify({ title: `${line.id}`, ...common, ...line }));
  return planBeadsImport(text.join('\n'), { now: NOW });
}

const COMMENT = { id: 1, author: 'bo', text: 'Look here.', created_at: '2026-02-01T00:00:00Z' };
const TWO = beads(
  { id: 'bd-1', dependencies: [{ depends_on_id: 'bd-2', type: 'blocks' }], comments: [COMMENT] },
  { id: 'bd-2', status: 'closed' },
);

const eventsOf = (issue: string) =>
  store.read((tx) => tx.events({ issue }).map(({ type, actor, at }) => ({ type, actor, at })));

describe('importIssues', () => {
  it('stores issues with their events, comments with their own time and author', () => {
    const output = importIssues(store, TWO, run);
    expect(ImportOutput.parse(output)).toMatchObject({
      changed: true,
      issues: { read: 2, created: 2, unchanged: 0, skipped: 0 },
      dependencies: { read: 1, imported: 1, linked: 0 },
      comments: { read: 1, imported: 1 },
      states: { open: 1, done: 1 },
    });
    expect(store.read((tx) => tx.mustHave('bd-1'))).toMatchObject({
      dependencies: ['bd-2'],
      priority: 'high',
    });
    expect(eventsOf('bd-1')).toEqual(
      expect.arrayContaining([
        { type: 'issue_imported', actor: 'ana', at: NOW },
        { type: 'comment_added', actor: 'bo', at: '2026-02-01T00:00:00.000Z' },
      ]),
    );
  });

  it('changes nothing the second time, also after an edit', () => {
    importIssues(store, TWO, run);
    store.write((tx) => tx.put({ ...tx.mustHave('bd-1'), title: 'Edited here' }));
    const events = store.read((tx) => tx.events({}).length);
    const again = importIssues(store, TWO, run);
    expect(again).toMatchObject({
      changed: false,
      issues: { created: 0, unchanged: 2 },
      comments: { imported: 0 },
      dependencies: { read: 1, imported: 0 },
    });
    expect(again.skipped[0]).toMatchObject({ what: 'issue', subjects: ['bd-1'] });
    expect(store.read((tx) => tx.mustHave('bd-1').title)).toBe('Edited here');
    expect(store.read((tx) => tx.events({}).length)).toBe(events);
  });

  it('tells the same in a dry run and writes nothing', () => {
    const dry = importIssues(store, TWO, { ...run, dryRun: true });
    expect(store.read((tx) => tx.all())).toEqual([]);
    expect(store.read((tx) => tx.events({}))).toEqual([]);
    const real = importIssues(store, TWO, run);
    expect({ ...dry, dry_run: false, changed: true }).toEqual(real);
  });

  it('does not bring a comment back with an issue that was deleted meanwhile', () => {
    importIssues(store, TWO, run);
    store.write((tx) => tx.delete('bd-1'));
    expect(importIssues(store, TWO, run)).toMatchObject({
      issues: { created: 1 },
      comments: { imported: 0 },
    });
    expect(eventsOf('bd-1').filter(({ type }) => type === 'comment_added')).toHaveLength(1);
  });

  it('defines gates without running or overwriting any', () => {
    const gates = {
      gates: { tests: { stage: 'postcheck', mode: 'auto', checker: { command: 'false' } } },
    };
    const plan = planJustInTimeImport(
      [
        { path: 'gates.json', text: JSON.stringify(gates) },
        {
          path: 'issues/a1.json',
          text: JSON.stringify({ id: 'a1', title: 'A', state: 'ready', gates_required: ['tests'] }),
        },
      ],
      { now: NOW },
    );
    expect(importIssues(store, plan, run).gates).toEqual({ read: 1, created: 1, unchanged: 0 });
    expect(store.read((tx) => tx.gate('tests'))).toMatchObject({ stage: 'done', mode: 'auto' });
    expect(store.read((tx) => tx.mustHave('a1').gates)).toEqual({ tests: { status: 'pending' } });
    expect(importIssues(store, plan, run).gates).toEqual({ read: 1, created: 0, unchanged: 1 });
  });
});

describe('importIssues refuses, and then writes nothing', () => {
  const put = (id: string, dependencies: readonly string[] = []) =>
    store.write((tx) => {
      tx.put(newIssue({ id, title: id, dependencies, created_at: NOW, created_by: 'ana' }));
    });

  it('an id that differs from one here only in case', () => {
    put('BD-1');
    expect(() => importIssues(store, TWO, run)).toThrow(/BD-1 and bd-1/);
    expect(store.read((tx) => tx.all().map(({ id }) => id))).toEqual(['BD-1']);
  });

  it('a circle that closes over an issue here', () => {
    put('bd-2', ['bd-1']);
    expect(() => importIssues(store, TWO, run)).toThrow(
      /circle: .*bd-1 → bd-2 → bd-1|bd-2 → bd-1 → bd-2/,
    );
    expect(store.read((tx) => tx.all().map(({ id }) => id))).toEqual(['bd-2']);
  });

  it('an issue whose file here can not be read', () => {
    put('bd-1');
    const [name = ''] = readdirSync(layoutOf(root).issues);
    writeFileSync(join(layoutOf(root).issues, name), '<<<<<<< HEAD\n');
    expect(() => importIssues(store, TWO, run)).toThrow(/bd-1/);
    expect(store.read((tx) => tx.stateOf('bd-2'))).toBe('missing');
  });
});
