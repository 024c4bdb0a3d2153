import type { Issue } from '../domain/issue.ts';
import type { SearchWord } from '../domain/search.ts';
import { foundOrder, scoreOf, textsOf } from '../domain/search.ts';
import type { ReadTx } from '../store/store.ts';

/** With more issues than this to look at, all comments are read at once. */
const FEW = 20;

/** The issues that hold all words, best first: the same with and without an index. */
export function searchIssues(tx: ReadTx, words: readonly SearchWord[]): Issue[] {
  const candidates = tx.mayHold(words);
  const commentsOn = candidates.length > FEW ? allComments(tx) : null;
  return candidates
    .flatMap((issue) => {
      const comments = commentsOn === null ? commentsOf(tx, issue.id) : commentsOn.get(issue.id);
      const score = scoreOf(words, textsOf(issue, comments ?? []));
      return score === null ? [] : [{ issue, score }];
    })
    .sort(foundOrder)
    .map(({ issue }) => issue);
}

function commentsOf(tx: ReadTx, issue: string): string[] {
  return tx.events({ issue, type: 'comment_added' }).map(({ text }) => String(text));
}

function allComments(tx: ReadTx): ReadonlyMap<string, string[]> {
  const comments = new Map<string, string[]>();
  for (const { issue, text } of tx.events({ type: 'comment_added' })) {
    if (issue === null) continue;
    const texts = comments.get(issue);
    if (texts === undefined) comments.set(issue, [String(text)]);
    else texts.push(String(text));
  }
  return comments;
}
