import type { IssueItemOutput, IssueOutput } from '@jit/contract/outputs/issue';
import type { Issue } from '../domain/issue.ts';
import type { ReadTx } from '../store/store.ts';
import { toIssue, toIssueItem } from './issue.ts';

/** A field of an issue, as output names it. */
export type IssueField = keyof IssueOutput;

const ITEM_FIELDS = [
  'id',
  'short_id',
  'title',
  'state',
  'priority',
  'assignee',
  'labels',
  'blockers',
  'attempt',
  'claim',
  'last_claim',
  'created_at',
] as const satisfies readonly (keyof IssueItemOutput)[];

/** Every field that can be chosen. Those of list items come first: they cost no look into the log. */
export const ISSUE_FIELDS = [
  ...ITEM_FIELDS,
  'description',
  'acceptance_criteria',
  'dependencies',
  'dependents',
  'gates',
  'defer_until',
  'documents',
  'links',
  'metadata',
  'conflicts',
  'comments',
  'created_by',
  'updated_at',
  'updated_by',
] as const satisfies readonly IssueField[];

/** An issue of which only the chosen fields are given, in the order they were chosen. */
export type ChosenFields = Partial<IssueOutput>;

/** Shapes issues down to the chosen fields; `full` where `last_claim` is to be looked for in the log too. */
export function fieldPicker(
  fields: readonly IssueField[],
  full: boolean,
): (tx: ReadTx, issue: Issue) => ChosenFields {
  const isItem = !full && fields.every((field) => ITEM_FIELDS.some((own) => own === field));
  return (tx, issue) => {
    const all: ChosenFields = isItem ? toIssueItem(tx, issue) : toIssue(tx, issue);
    return Object.fromEntries(fields.map((field) => [field, all[field]]));
  };
}
