import { defineCommand } from '../../cli/define-command.ts';
import { readTracker } from '../../cli/read-tracker.ts';
import { toShownIssue } from '../../views/shown-issue.ts';
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
  output: 'Issue | Issue[]',
  exits: ['3 no such issue', '4 its file cannot be read, or the prefix fits several'],
  run: (context, args) =>
    readTracker(context, (tx) => {
      const [first, ...others] = args.id.map((ref) =>
        toShownIssue(tx, tx.mustHave(tx.resolve(ref))),
      );
      return first === undefined || others.length > 0
        ? [first, ...others].flatMap((issue) => issue ?? [])
        : first;
    }),
  render: (data, style) =>
    [data]
      .flat()
      .map((issue) => renderIssue(issue, style))
      .join('\n\n'),
});
