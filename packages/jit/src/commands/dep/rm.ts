import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { claimOptions, writerOf } from '../../cli/writer.ts';
import { removeDependencies } from '../../operations/dependencies.ts';
import { toDependencyChange } from '../../views/dependency.ts';
import { renderDependencyChange } from './_render.ts';

export const rm = defineCommand({
  path: 'dep rm',
  summary: 'end dependencies of an issue',
  description:
    'An edge that is not there is no error. Edges to issues that no longer exist go too.',
  examples: [{ argv: 'dep rm 7kq2 m3xw', does: '7kq2 no longer waits for m3xw' }],
  positionals: [
    { name: 'id', required: true, describe: 'the issue that waits' },
    { name: 'depends-on', required: true, variadic: true, describe: 'what it is not to wait for' },
  ],
  options: claimOptions,
  output: 'DependencyChange',
  exits: ['3 no such issue', '4 the id is ambiguous', '7 the claim token is no longer current'],
  run: (context, args) =>
    writeTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      const changed = removeDependencies(tx, id, args.dependsOn, writerOf(context, tx, id, args));
      return toDependencyChange(tx, changed);
    }),
  render: renderDependencyChange,
});
