import type { TaskTypeRule } from '../../config/choosing.ts';
import { foldName, type IssueText, labelValues, proseOf, said } from './issue-text.ts';
import type { Wishes } from './wishes.ts';

/** What kind of work an issue is, and how that is known. */
export interface TaskType {
  readonly name: string;
  readonly by: 'wish' | 'label' | 'keyword' | 'default';
  readonly detail: string;
}

/**
 * The kind of work: by a wish, else by a label `type:` that names one, else the first of the table whose
 * words are in title, description or criteria, else the last of the table.
 */
export function taskTypeOf(
  text: IssueText,
  { taskType: wished }: Pick<Wishes, 'taskType'>,
  table: readonly TaskTypeRule[],
): TaskType {
  if (wished !== null) return { name: wished, by: 'wish', detail: 'asked for' };
  const named = labelValues(text.labels, 'type').find((value) => isIn(table, value));
  if (named !== undefined)
    return { name: foldName(named), by: 'label', detail: `label type:${named}` };
  const prose = proseOf(text);
  for (const { name, pattern } of table) {
    const found = pattern?.exec(prose)?.[0];
    if (found !== undefined)
      return { name, by: 'keyword', detail: `"${said(found)}" is in its text` };
  }
  const name = table.at(-1)?.name ?? '';
  return { name, by: 'default', detail: 'no word of its text tells' };
}

function isIn(table: readonly TaskTypeRule[], value: string): boolean {
  return table.some(({ name }) => name === foldName(value));
}
