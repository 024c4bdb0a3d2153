import type { Style } from '@jit/cli-kit/style';
import type { IssueItemOutput, IssueOutput } from '@jit/contract/outputs/issue';
import { SHOWN_STATES } from '@jit/contract/vocabulary';
import type { Issue } from '../domain/issue.ts';
import type { ReadTx } from '../store/store.ts';
import { toIssue, toIssueItem } from '../views/issue.ts';
import { type ChosenFields, fieldPicker, type IssueField } from '../views/issue-fields.ts';
import type { WithColumns } from './choose-fields.ts';
import { COLUMNS, fieldsOption, readFields, renderFields, withColumns } from './choose-fields.ts';
import { renderItems } from './render-issue.ts';

/** The option of lists over all states. */
export const stateOption = {
  state: {
    type: 'list',
    split: ',',
    alias: 's',
    choices: SHOWN_STATES,
    describe: 'in one of these states; open means open and blocked',
  },
} as const;

/** The options of every list that decide how much of an issue is shown. */
export const shapeOptions = {
  full: { type: 'boolean', describe: 'whole issues instead of small items' },
  fields: fieldsOption,
} as const;

/** The parsed form of these options. */
export interface ShapeArgs {
  readonly full: boolean;
  readonly fields: readonly string[];
}

/** How much of an issue is shown. */
export interface Shape {
  readonly full: boolean;
  readonly fields: readonly IssueField[] | null;
}

/** The name of the schema of what every list prints. */
export const LIST_OUTPUT = 'IssueItem[] | Issue[] | IssueFields[]';

/** A list as commands answer it. */
export type IssueList = WithColumns<readonly (IssueItemOutput | IssueOutput | ChosenFields)[]>;

/** Understands these options. Errors: USAGE for an unknown field. */
export async function readShape({ full, fields }: ShapeArgs): Promise<Shape> {
  return { full, fields: await readFields(fields) };
}

/** Gives issues the shape that was asked for. */
export function shapeIssues(
  tx: ReadTx,
  issues: readonly Issue[],
  { full, fields }: Shape,
): IssueList {
  if (fields !== null) {
    const pick = fieldPicker(fields, full);
    return withColumns(
      issues.map((issue) => pick(tx, issue)),
      fields,
    );
  }
  return issues.map((issue) => (full ? toIssue(tx, issue) : toIssueItem(tx, issue)));
}

/** A table: of the chosen fields, else of what people look for first. */
export async function renderList(list: IssueList, style: Style): Promise<string> {
  const fields = list[COLUMNS];
  // Without chosen fields each element is at least an item.
  if (fields === undefined) return renderItems(list as readonly IssueItemOutput[], style);
  return renderFields(list, fields, style);
}
