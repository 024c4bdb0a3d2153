import type { SearchWord } from '../../domain/search.ts';
import type { DocumentRow, IndexDb } from '../index/index-db.ts';
import { rowsThatMayHold } from '../index/search-index.ts';
import type { Layer } from './layer.ts';

/** The issues of the index that may hold all words, with those that got a comment it does not know yet. */
export function searchRows(
  index: IndexDb,
  layers: readonly Layer[],
  words: readonly SearchWord[],
): DocumentRow[] {
  const rows = new Map(rowsThatMayHold(index, words).map((row) => [row.name, row]));
  for (const { type, issue } of layers.flatMap((layer) => layer.events)) {
    if (type !== 'comment_added' || issue === null) continue;
    const row = index.document('issues', issue);
    if (row !== undefined) rows.set(row.name, row);
  }
  return [...rows.values()];
}
