import type { Style } from '@jit/cli-kit/style';
import { didYouMean, suggest } from '@jit/cli-kit/suggest';
import { usageError } from '@jit/contract/errors';
import type { ChosenFields, IssueField } from '../views/issue-fields.ts';
import { ISSUE_FIELDS } from '../views/issue-fields.ts';
import { blockersInWords } from './render-issue.ts';

/** The option that chooses what is shown of each issue. */
export const fieldsOption = {
  type: 'list',
  split: ',',
  placeholder: 'NAME',
  describe: 'only these fields of each issue, in this order, as in id,title,state',
} as const;

/** The chosen fields, or null where none are chosen. Errors: USAGE for an unknown or repeated name. */
export async function readFields(names: readonly string[]): Promise<readonly IssueField[] | null> {
  if (names.length === 0) return null;
  const fields: IssueField[] = [];
  for (const name of names) {
    const field = ISSUE_FIELDS.find((known) => known === name);
    if (field === undefined) throw await unknownField(name);
    if (fields.includes(field)) throw usageError(`--fields names ${field} twice`);
    fields.push(field);
  }
  return fields;
}

async function unknownField(name: string): Promise<Error> {
  const nearest = await suggest(name, ISSUE_FIELDS);
  return usageError(`--fields '${name}' is no field of an issue`, {
    hint: didYouMean(nearest, `an issue has: ${ISSUE_FIELDS.join(', ')}`),
    details: { value: name, nearest: nearest ?? null, accepted: ISSUE_FIELDS },
  });
}

/** The chosen fields of a list: for its text form only, because JSON leaves symbols out. */
export const COLUMNS: unique symbol = Symbol('columns');

/** A list with the names of its columns. */
export type WithColumns<T> = T & { readonly [COLUMNS]?: readonly IssueField[] };

/** Remembers the chosen fields with a list. */
export function withColumns<T extends object>(
  list: T,
  fields: readonly IssueField[],
): WithColumns<T> {
  return Object.assign(list, { [COLUMNS]: fields });
}

/** A table of the chosen fields. */
export async function renderFields(
  items: readonly ChosenFields[],
  fields: readonly IssueField[],
  style: Style,
): Promise<string> {
  if (items.length === 0) return style.isTty ? style.dim('none') : '';
  const rows = items.map((item) => fields.map((field) => cellOf(item, field)));
  return style.table(rows, fields);
}

function cellOf(item: ChosenFields, field: IssueField): string {
  if (field === 'blockers') return blockersInWords(item.blockers ?? []);
  const value = item[field];
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    return value.join(', ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
