import type { MergeDriverOutput } from '@jit/contract/outputs/git';
import { defineCommand } from '../cli/define-command.ts';
import { mergeFiles } from '../store/merge-driver.ts';

export const mergeDriver = defineCommand({
  path: 'merge-driver',
  summary: 'merge an issue or a gate field by field; git calls it',
  description:
    'Reads three files and writes one, nothing else. Where both sides changed a field, the value that lost stays in "conflicts" of the file until the next write notes it in the log.',
  examples: [
    { argv: 'merge-driver %O %A %B %P', does: 'how git calls it, once jit git setup was run' },
  ],
  positionals: [
    {
      name: 'base',
      required: true,
      describe: 'file with the common ancestor; empty: there is none',
    },
    { name: 'ours', required: true, describe: 'file with our version; gets the result' },
    { name: 'theirs', required: true, describe: 'file with their version' },
    { name: 'path', required: true, describe: 'path of the document in the repository' },
  ],
  output: 'MergeDriver',
  exits: [
    '0 merged; "conflicts" may have been noted in the file',
    '1 not mergeable: both versions stand in the file, between conflict markers',
    '10 a file could not be read or written',
  ],
  run(context, { base, ours, theirs, path }): MergeDriverOutput {
    const { why, conflicts } = mergeFiles({ base, ours, theirs, path });
    if (why !== null) {
      context.warn(
        `${path} could not be merged: ${why}. Both versions stand in it: keep what is right, then git add`,
      );
    }
    const fields = conflicts.map(({ field }) => field);
    return { path, merged: why === null, problem: why, conflicts: fields };
  },
  render: ({ path, conflicts }) =>
    conflicts.length === 0
      ? ''
      : `${path}: both sides had changed ${conflicts.join(', ')}; the other value is noted in it`,
  // git takes 1 for a conflict; no other kind of failure has that code.
  exit: ({ merged }) => (merged ? null : 'bug'),
});
