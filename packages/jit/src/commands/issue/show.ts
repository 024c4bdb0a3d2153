import type { WithColumns } from '../../cli/choose-fields.ts';
import {
  COLUMNS,
  fieldsOption,
  readFields,
  renderFields,
  withColumns,
} from '../../cli/choose-fields.ts';
import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { type ChosenFields, fieldPicker } from '../../views/issue-fields.ts';
import { type ShownIssue, toShownIssue } from '../../views/shown-issue.ts';
import { idArgument } from './_arguments.ts';
import { renderIssue } from './_render-issue.ts';

export const show = defineCommand({
  path: 'issue show',
  summary: 'everything about an issue',
  description: 'Of one id the answer is an object, of several a list in the order they were given.',
  examples: [
    { argv: 'issue show 7kq2', does: 'the issue, what it waits for and who waits for it' },
    { argv: 'issue show 7kq2 --json', does: 'the same as one JSON object' },
  ],
  positionals: [{ ...idArgument, variadic: true }],
  options: { fields: fieldsOption },
  output: 'Issue | Issue[] | IssueFields | IssueFields[]',
  exits: ['3 no such issue', '4 its file cannot be read, or the prefix fits several'],
  async run(context, args): Promise<Shown> {
    const fields = await readFields(args.fields);
    return readTracker(context, (tx) => {
      const issues = args.id.map((ref) => tx.mustHave(tx.resolve(ref)));
      if (fields === null) return oneOrAll(issues.map((issue) => toShownIssue(tx, issue)));
      const pick = fieldPicker(fields, true);
      return withColumns(oneOrAll(issues.map((issue) => pick(tx, issue))), fields);
    });
  },
  async render(data, style) {
    const fields = data[COLUMNS];
    if (fields !== undefined) return renderFields([data].flat(), fields, style);
    // Without chosen fields each is a whole issue.
    const issues = [data].flat() as readonly ShownIssue[];
    return issues.map((issue) => renderIssue(issue, style)).join('\n\n');
  },
});

type Shown = WithColumns<ShownIssue | ShownIssue[] | ChosenFields | ChosenFields[]>;

/** Of one id the answer is an object, of several a list. */
function oneOrAll<T>(all: T[]): T | T[] {
  const [first] = all;
  return first === undefined || all.length > 1 ? all : first;
}
