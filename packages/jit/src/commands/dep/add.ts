import { defineCommand } from '../../cli/define-command.ts';
import { writeTracker } from '../../cli/write-tracker.ts';
import { claimOptions, writerOf } from '../../cli/writer.ts';
import { addDependencies } from '../../operations/dependencies.ts';
import { toDependencyChange } from '../../views/dependency.ts';
import { renderDependencyChange } from './_render.ts';

export const add = defineCommand({
  path: 'dep add',
  summary: 'let an issue wait for others',
  description: 'The first issue depends on all the others. Either every edge is added or none.',
  examples: [
    { argv: 'dep add 7kq2 m3xw', does: '7kq2 waits until m3xw is finished' },
    { argv: 'dep add 7kq2 m3xw p9zt --json', does: 'two edges in one write' },
  ],
  positionals: [
    { name: 'id', required: true, describe: 'the issue that waits' },
    { name: 'depends-on', required: true, variadic: true, describe: 'what it waits for' },
  ],
  options: claimOptions,
  output: 'DependencyChange',
  exits: [
    '3 no such issue',
    '4 the edge would close a cycle (CYCLE, with the path); the id is ambiguous; the issue is finished',
    '7 the claim token is no longer current',
  ],
  run: (context, args) =>
    writeTracker(context, (tx) => {
      const id = tx.resolve(args.id);
      const changed = addDependencies(tx, id, args.dependsOn, writerOf(context, tx, id, args));
      return toDependencyChange(tx, changed);
    }),
  render: renderDependencyChange,
});
