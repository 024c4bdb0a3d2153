import { usageError } from '@jit/contract/errors';
import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { claimOptions, writerOf } from '../../cli/writer.ts';
import { commentIssue } from '../../operations/update-issue.ts';
import { toComments } from '../../views/issue.ts';
import { idArgument } from './_arguments.ts';

export const comment = defineCommand({
  path: 'issue comment',
  summary: 'add a comment to an issue',
  examples: [
    { argv: 'issue comment 7kq2 "The parser is in, tests follow"', does: 'adds a comment' },
    { argv: 'issue comment 7kq2 --text-file -', does: 'takes the text from stdin, byte for byte' },
  ],
  positionals: [idArgument, { name: 'words', describe: 'the text, where --text is not given' }],
  options: { text: { type: 'text', describe: 'the text' }, ...claimOptions },
  output: 'Comment',
  exits: ['2 no text, or an empty one', '3 no such issue', '7 the token is not current'],
  run(context, args) {
    if (args.text !== undefined && args.words !== undefined) {
      throw usageError('the text is given twice, with --text and as an argument');
    }
    const text = args.text ?? args.words;
    if (text === undefined) {
      throw usageError('the text is missing', {
        hint: 'jit issue comment ID "What there is to say"',
      });
    }
    if (text.trim() === '') throw usageError('the comment is empty');
    return writeTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      const { comment: event } = commentIssue(tx, id, writerOf(context, tx, id, args), text);
      const added = toComments(tx, id).find((each) => each.id === event);
      if (added === undefined) throw new Error(`the comment ${event} on ${id} is not there`);
      return added;
    });
  },
  render: ({ at, by }, style) => `${style.bold('commented')} · ${by} · ${at}`,
});
