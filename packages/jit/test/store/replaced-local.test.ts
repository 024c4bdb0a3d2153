import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { anIssue } from '../../src/domain/issue-fixture.ts';
import { initTracker } from '../../src/store/init.ts';
import { layoutOf } from '../../src/store/layout.ts';
import { openStore } from '../../src/store/open-store.ts';

function tracker() {
  const root = join(tempFolder(), '.jit');
  initTracker(root);
  return layoutOf(root);
}

/** A process of its own on a tracker, as far as the store can tell. */
function open(layout: ReturnType<typeof layoutOf>) {
  const store = openStore({
    layout,
    origin: () => 'here',
    clock: () => ({ wall: Date.now(), uptime: 0, boot: 'b' }),
    label: { actor: 'ana', command: 'test' },
    lockTimeoutMs: 100,
    settle: () => {},
    advance: () => {},
  });
  onTestFinished(() => store.close());
  const titles = () => store.read((tx) => tx.all().map((issue) => issue.title));
  const put = (id: string, title: string) =>
    store.write((tx) => {
      tx.put(anIssue({ id, title }));
      tx.emit({ type: 'issue_created', issue: id });
    });
  return { store, titles, put };
}

const databases = createRequire(import.meta.url)('better-sqlite3').prototype;

/** Lets SQLite fail with a code for statements that match, as a full disk would. */
function failing(code: string, where: RegExp) {
  for (const name of ['exec', 'pragma', 'prepare'] as const) {
    const real = databases[name];
    vi.spyOn(databases, name).mockImplementation(function (this: unknown, ...args: unknown[]) {
      if (where.test(String(args[0]))) throw Object.assign(new Error(code), { code });
      return real.apply(this, args);
    });
  }
  onTestFinished(() => void vi.restoreAllMocks());
}

describe('a store whose local folder is replaced', () => {
  it('goes on with what is there now', () => {
    const layout = tracker();
    const slow = open(layout);
    slow.put('a000', 'first');
    expect(slow.titles()).toEqual(['first']);
    rmSync(layout.local, { recursive: true });
    open(layout).put('a000', 'changed');
    expect(slow.titles()).toEqual(['changed']);
    rmSync(layout.local, { recursive: true });
    expect(slow.titles()).toEqual(['changed']);
    rmSync(layout.local, { recursive: true });
    slow.put('b000', 'second');
    expect(slow.titles()).toEqual(['changed', 'second']);
    expect(existsSync(layout.stateDb)).toBe(true);
  });

  it.each([
    ['the lock', (layout: ReturnType<typeof layoutOf>) => rmSync(layout.lockDb)],
    [
      'everything',
      (layout: ReturnType<typeof layoutOf>) => rmSync(layout.local, { recursive: true }),
    ],
  ])('refuses a slow write when %s was remade under it', (_, remake) => {
    const layout = tracker();
    const [slow, quick] = [open(layout), open(layout)];
    slow.put('a000', 'first');
    const write = () =>
      slow.store.write((tx) => {
        tx.put({ ...tx.mustHave('a000'), description: 'slow' });
        remake(layout);
        quick.put('a000', 'quick');
      });
    expect(write).toThrow(
      expect.objectContaining({ kind: 'lock_timeout', code: 'LOCK_LOST', retryable: true }),
    );
    expect(slow.titles()).toEqual(['quick']);
    slow.put('a000', 'again');
    expect(quick.titles()).toEqual(['again']);
  });
});

describe('a disk that is full', () => {
  it('lets reads answer from the files and writes say so', () => {
    const layout = tracker();
    open(layout).put('a000', 'first');
    for (const name of readdirSync(layout.local)) {
      if (name.startsWith('index.db')) rmSync(join(layout.local, name));
    }
    failing('SQLITE_FULL', /CREATE TABLE|journal_mode/);
    const reader = open(layout);
    expect(reader.titles()).toEqual(['first']);
    expect(() => reader.put('a000', 'lost')).toThrow(
      expect.objectContaining({ kind: 'external', code: 'CANNOT_STAGE' }),
    );
  });

  it('leaves nothing of a write that could not be made durable', () => {
    const layout = tracker();
    const { put, titles } = open(layout);
    put('a000', 'first');
    failing('SQLITE_FULL', /INSERT INTO journal/);
    expect(() => put('a000', 'lost')).toThrow(
      expect.objectContaining({ kind: 'external', code: 'CANNOT_STAGE' }),
    );
    expect(titles()).toEqual(['first']);
    expect(readFileSync(join(layout.issues, 'a000.json'), 'utf8')).toContain('first');
  });
});
