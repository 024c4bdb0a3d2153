import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { ownerOptions, writerOf } from '../../cli/writer.ts';
import { deleteIssue } from '../../operations/create-issue.ts';
import { idArgument } from './_arguments.ts';

export const deleteCommand = defineCommand({
  path: 'issue delete',
  summary: 'remove an issue',
  description:
    'Refused while others depend on it, unless --detach lets their edges go with it. Its events stay. To give work up but keep the issue, use reject.',
  examples: [{ argv: 'issue delete 7kq2', does: 'removes an issue nothing depends on' }],
  positionals: [idArgument],
  options: {
    detach: { type: 'boolean', describe: 'also end the dependencies of others on it' },
    ...ownerOptions,
  },
  output: 'IssueDeleted',
  exits: [
    '3 no such issue',
    '4 others depend on it',
    '6 CLAIM_HELD: somebody holds a lease on it',
    '7 the token is not current',
  ],
  run: (context, args) =>
    writeTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      const writer = writerOf(context, tx, id, args);
      const detached = deleteIssue(tx, id, writer, args.detach);
      return { id, deleted: true, detached: [...detached] };
    }),
  render({ id, detached }, style) {
    const edges = detached.length === 0 ? '' : ` · no longer needed by ${detached.join(', ')}`;
    return `${style.bold(`deleted ${id}`)}${edges}`;
  },
});
