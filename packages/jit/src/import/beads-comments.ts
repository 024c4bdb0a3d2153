import { isFields, oneLine, withoutMail } from './fields.ts';
import type { Report } from './report.ts';
import type { PlannedComment } from './source.ts';
import { cutInOrder, type ExactTime, parseTime } from './times.ts';

/** Maps the comments of an issue, oldest first; one without a time gets that of its issue. */
export function mapBeadsComments(
  id: string,
  comments: readonly unknown[],
  createdAt: string,
  report: Report,
): readonly PlannedComment[] {
  const fallback = parseTime(createdAt) ?? { ms: 0, below: '' };
  const read = comments.flatMap((comment, index) => {
    const found = readComment(id, comment, index, report);
    if (found === null) return [];
    if (found.time === null) report.repaired('comment', 'without a time: that of its issue', id);
    return [{ ...found, time: found.time ?? fallback }];
  });
  const { times } = cutInOrder(read);
  return read
    .map(({ key, by, text }) => ({ issue: id, at: times.get(key) ?? createdAt, by, text, key }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

interface ReadComment {
  readonly key: string;
  readonly by: string;
  readonly text: string;
  readonly time: ExactTime | null;
}

function readComment(
  id: string,
  comment: unknown,
  index: number,
  report: Report,
): ReadComment | null {
  if (!isFields(comment) || typeof comment.text !== 'string' || comment.text.trim() === '') {
    report.skipped('comment', 'it has no text', id);
    return null;
  }
  const author = typeof comment.author === 'string' ? comment.author.trim() : '';
  const by = oneLine(withoutMail(author));
  if (author === '') report.repaired('comment', 'without an author: beads', id);
  else if (by !== author)
    report.repaired('mail address', 'left out of the author of a comment', id);
  const name = comment.id ?? `at ${String(comment.created_at)}, number ${index + 1}`;
  return {
    key: `beads:${id}#${String(name)}`,
    by: by === '' ? 'beads' : by,
    text: comment.text,
    time: parseTime(comment.created_at),
  };
}
