import { defineCommand } from '../../cli/define-command.ts';
import { listEdges, renderEdges } from './_list-edges.ts';

export const list = defineCommand({
  path: 'dep list',
  summary: 'what an issue waits for, or what waits for it',
  description: 'Title, state and priority are those of the issue at the other end of the edge.',
  examples: [
    { argv: 'dep list 7kq2', does: 'what 7kq2 depends on' },
    { argv: 'dep list 7kq2 --dependents', does: 'what depends on 7kq2' },
  ],
  positionals: [{ name: 'id', required: true, describe: 'an issue' }],
  options: { dependents: { type: 'boolean', describe: 'the other way: what waits for it' } },
  output: 'Edge[]',
  exits: ['3 no such issue', "4 the id is ambiguous; the issue's file can't be used"],
  run: (context, args) => listEdges(context, args.id, args.dependents),
  render: renderEdges,
});
