import { defineCommand } from '../../cli/define-command.ts';
import { listEdges, renderEdges } from './_list-edges.ts';

export const rdeps = defineCommand({
  path: 'rdeps',
  summary: 'what waits for an issue: dep list --dependents',
  examples: [{ argv: 'rdeps 7kq2', does: 'what depends on 7kq2' }],
  positionals: [{ name: 'id', required: true, describe: 'an issue' }],
  output: 'Edge[]',
  exits: ['3 no such issue', "4 the id is ambiguous; the issue's file can't be used"],
  run: (context, args) => listEdges(context, args.id, true),
  render: renderEdges,
});
