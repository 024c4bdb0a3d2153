import type { SearchWord } from '../../domain/search.ts';
import { textsOf, tokensOf } from '../../domain/search.ts';
import { parseEventLine } from '../events/event-log.ts';
import { tryParseIssue } from '../files/documents.ts';
import type { DocumentRow, IndexDb } from './index-db.ts';

/** Issues that one search takes into the full text: it holds the lock meanwhile. The others are looked through. */
const REFRESH_LIMIT = 2500;

/**
 * The full text holds tokens, cut by `tokensOf`, so that a search with and without it finds the same:
 * FTS5 only has to split at spaces. It stores no text and no positions; who uses it looks again.
 */
const FULL_TEXT = `
  CREATE VIRTUAL TABLE full_text USING fts5(
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
  );
  INSERT OR IGNORE INTO unsearched SELECT name FROM documents WHERE folder = 'issues';
  INSERT INTO meta VALUES ('full_text', 'yes');
`;

/** Whether the full text was ever asked for; until then no write keeps it up to date. */
function isThere(index: IndexDb): boolean {
  const there = index.sql("SELECT 1 FROM meta WHERE key = 'full_text'").get();
  return there !== undefined;
}

/** True where a search has to look through issues that the full text does not know yet. */
export function isSearchBehind(index: IndexDb): boolean {
  return !isThere(index) || index.sql('SELECT 1 FROM unsearched LIMIT 1').get() !== undefined;
}

/** The issues of the index that may hold all words: those that the full text finds, and those it does not know yet. */
export function rowsThatMayHold(index: IndexDb, words: readonly SearchWord[]): DocumentRow[] {
  if (!isThere(index)) return index.documents('issues');
  return index
    .sql(
      `SELECT name, raw, problem, state FROM documents WHERE folder = 'issues' AND name IN (
         SELECT name FROM searched WHERE row IN (SELECT rowid FROM full_text WHERE full_text MATCH ?)
         UNION SELECT name FROM unsearched)`,
    )
    .all(matchOf(words)) as DocumentRow[];
}

/** Tokens are letters and digits only: between quotes nothing in them is syntax. */
function matchOf(words: readonly SearchWord[]): string {
  return words
    .flatMap(({ tokens, prefix }) =>
      tokens.map((token, at) => `"${token}"${prefix && at === tokens.length - 1 ? '*' : ''}`),
    )
    .join(' AND ');
}

/** Takes a part of what changed since into the full text. The lock must be held. */
export function refreshSearch(index: IndexDb): void {
  index.transaction(() => {
    if (!isThere(index)) index.db.exec(FULL_TEXT);
    const names = index.sql('SELECT name FROM unsearched LIMIT ?').pluck().all(REFRESH_LIMIT);
    for (const name of names) {
      if (typeof name === 'string') refreshOne(index, name);
      index.sql('DELETE FROM unsearched WHERE name = ?').run(name);
    }
  });
}

function refreshOne(index: IndexDb, name: string): void {
  const known = index.sql('SELECT row FROM searched WHERE name = ?').pluck().get(name);
  if (known !== undefined) index.sql('DELETE FROM full_text WHERE rowid = ?').run(known);
  const raw = index.document('issues', name)?.raw;
  const issue = raw === undefined ? null : tryParseIssue(raw, name).issue;
  if (issue === null) {
    index.sql('DELETE FROM searched WHERE name = ?').run(name);
    return;
  }
  const comments = index
    .eventLines({ issue: name, type: 'comment_added' })
    .map((line) => String(parseEventLine(line)?.text ?? ''));
  const texts = Object.values(textsOf(issue, comments)).flat();
  const words = [...new Set(texts.flatMap(tokensOf))].join(' ');
  const row =
    known ?? index.sql('INSERT INTO searched (name) VALUES (?)').run(name).lastInsertRowid;
  index.sql('INSERT INTO full_text (rowid, words) VALUES (?, ?)').run(row, words);
}
