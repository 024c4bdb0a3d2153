import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@jit/testkit/temp-folder';
import { expect, test } from 'vitest';
import { makeSqlite, openSqlite } from './sqlite.ts';

const SCHEMA = "CREATE TABLE t (a); INSERT INTO t VALUES ('first');";

test('a new database appears whole, with its log, and a second one does not take its place', () => {
  const folder = tempFolder();
  const [path, tmp] = [join(folder, 'state.db'), join(folder, 'tmp')];
  makeSqlite(path, tmp, SCHEMA);
  const { ino } = statSync(path);
  makeSqlite(path, tmp, "CREATE TABLE t (a); INSERT INTO t VALUES ('second');");
  expect(statSync(path).ino).toBe(ino);
  const db = openSqlite(path);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.prepare('SELECT a FROM t').pluck().all()).toEqual(['first']);
  db.close();
  expect(readdirSync(tmp)).toEqual([]);
});

test('what a killed process left while it made one is in nobody’s way', () => {
  const folder = tempFolder();
  const [path, tmp] = [join(folder, 'state.db'), join(folder, 'tmp')];
  mkdirSync(tmp);
  for (const name of [`state.db.${process.pid}.new`, `state.db-${process.pid}`]) {
    makeSqlite(join(tmp, name), tmp, SCHEMA);
    writeFileSync(`${join(tmp, name)}-wal`, 'torn');
  }
  makeSqlite(path, tmp, SCHEMA);
  expect(statSync(path).size).toBeGreaterThan(0);
});

test('without its folder it fails like any other file, and does not try for ever', () => {
  const folder = tempFolder();
  const gone = join(folder, 'local');
  const tmp = join(folder, 'tmp');
  rmSync(gone, { recursive: true, force: true });
  expect(() => makeSqlite(join(gone, 'state.db'), tmp, SCHEMA)).toThrow('ENOENT');
});
